#include "snapferry/core/text/near_word.h"

#include <vector>

#include "catch.h"

using namespace snapferry;

TEST_CASE("a slip of the pen is known for the word that was meant") {
    const std::vector<std::string> known{"home", "photos", "keep", "min_age"};
    CHECK(near_word("hoem", known) == "home");
    CHECK(near_word("kep", known) == "keep");
    CHECK(near_word("min-age", known) == "min_age");
    CHECK(near_word("photo", known) == "photos");
    CHECK(near_word("music", known).empty());
    CHECK(near_word("", known).empty());
    CHECK(near_word("x", std::vector<std::string>{"a", "b"}).empty());
    CHECK(near_word(std::string(1'000'000, 'k'), known).empty());
    CHECK(near_word("home", {}).empty());
}

TEST_CASE("where none is near, those that there are are named, escaped and not for ever") {
    CHECK(hint_of_words("hoem", std::vector<std::string>{"home"}) == "did you mean \"home\"?");
    CHECK(hint_of_words("music", std::vector<std::string>{"home", "a\nb"}) ==
          "there are: home, a\\x0ab");
    CHECK(hint_of_words("music", std::vector<std::string>(1000, "home")).size() < 300);
    CHECK(hint_of_words("music", {}).empty());
}
