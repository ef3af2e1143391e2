#include "snapferry/core/restore/piece.h"

#include <algorithm>

#include "catch.h"
#include "failure_of.h"
#include "snapferry/core/failure.h"

using namespace snapferry;
using namespace snapferry::restore;

namespace {

Piece read(const std::string& text) {
    PieceHead head{};
    const auto bytes = std::as_bytes(std::span(text));
    std::copy_n(bytes.begin(), head.size(), head.begin());
    const auto payload = bytes.subspan(head.size());
    REQUIRE(payload_size(head) == payload.size());
    return decode(head, payload);
}

}  // namespace

TEST_CASE("a piece that is read is the one that was written") {
    for (const auto& piece :
         {Piece{PieceKind::attribute, "user.note", 0, std::string("with \0 zero", 11)},
          Piece{PieceKind::attribute, "user.empty", 0, ""},
          Piece{PieceKind::data, "", 1ULL << 40, std::string(most_data, 'x')},
          Piece{PieceKind::data, "", 0, "x"}, Piece{PieceKind::end},
          Piece{PieceKind::failed, "", 0, "cannot read it"}})
        CHECK(read(encode(piece)) == piece);
}

TEST_CASE("what is no piece is refused") {
    using namespace std::string_literals;
    for (const auto& text : {
             "e\1\0\0\0x"s,                      // an end with something
             "q\0\0\0\0"s,                       // no such kind
             "d\0\0\0\0"s,                       // data without a place
             "d\x08\0\0\0\0\0\0\0\0\0\0\0"s,     // data without a byte
             "d\x09\0\0\0\0\0\0\0\0\0\0\x80x"s,  // beyond any file
             "x\0\0\0\0"s,                       // an attribute without a name
             "x\2\0\0\0\0\0"s,                   // whose name is empty
             "x\3\0\0\0\2\0a"s,                  // or longer than all
             "x\4\0\0\0\2\0a\0"s,                // or has a NUL
         }) {
        CAPTURE(text);
        CHECK_THROWS_AS(read(text), Failure);
    }
    CHECK_THROWS_AS(payload_size({std::byte{'d'}, std::byte{0xff}, std::byte{0xff}, std::byte{0xff},
                                  std::byte{0xff}}),
                    Failure);
}
