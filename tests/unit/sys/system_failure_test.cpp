#include "snapferry/sys/system_failure.h"

#include <cerrno>

#include "catch.h"

using namespace snapferry;

TEST_CASE("what comes of the receiver's own place or machine is held against nothing") {
    for (const int error : {EIO, EROFS, EPERM, EACCES, EBUSY, ENOMEM, EAGAIN, EMFILE, ENFILE}) {
        CAPTURE(error);
        CHECK(sys::system_failure(ExitCode::receiving, "make it", error).may_pass());
    }
    CHECK_FALSE(sys::system_failure(ExitCode::receiving, "make it", ENOENT).may_pass());
}

TEST_CASE("what cannot be read at the sender is what cannot be sent") {
    CHECK_FALSE(sys::system_failure(ExitCode::sending, "send it", EIO).may_pass());
}

TEST_CASE("what a program needs for itself it needs whatever it sends") {
    CHECK(sys::system_failure(ExitCode::internal, "start it", EAGAIN).may_pass());
    CHECK(sys::system_failure(ExitCode::internal, "start it", ENOENT).may_pass());
}

TEST_CASE("a full disk is a full disk whatever was being done") {
    for (const int error : {ENOSPC, EDQUOT}) {
        for (const auto code : {ExitCode::receiving, ExitCode::sending, ExitCode::internal}) {
            CHECK(sys::system_failure(code, "make it", error).code() == ExitCode::no_space);
        }
    }
}
