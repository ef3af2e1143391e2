#include "snapferry/core/unicode/display_width.h"

#include "catch.h"

using namespace snapferry;

TEST_CASE("a text takes a column a character, two for a wide one, none for a mark") {
    CHECK(display_width("") == 0);
    CHECK(display_width("home") == 4);
    CHECK(display_width("größe") == 5);
    CHECK(display_width("写真") == 4);
    CHECK(display_width("e\u0301") == 1);
}

TEST_CASE("what does not fit is cut at a character, and says so") {
    CHECK(cut_to_width("home", 4) == "home");
    CHECK(cut_to_width("home", 3) == "ho…");
    CHECK(cut_to_width("home", 1) == "…");
    CHECK(cut_to_width("home", 0).empty());
    CHECK(cut_to_width("größe", 4) == "grö…");
    CHECK(cut_to_width("写真写真", 6) == "写真…");  // half of a wide one cannot be shown
    CHECK(display_width(cut_to_width("写真写真", 6)) <= 6);
}
