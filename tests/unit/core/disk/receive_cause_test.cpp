#include "snapferry/core/disk/receive_cause.h"

#include <csignal>

#include "catch.h"

using namespace snapferry;

namespace {

ReceiveCause after(int status, const std::string& complaint) {
    return cause_of({false, status, complaint, "ERROR: " + complaint + "\n"});
}

}  // namespace

TEST_CASE("what btrfs receive says of a stream is the stream's") {
    CHECK(after(1, "unlink to go failed: No such file or directory") == ReceiveCause::stream);
    CHECK(after(0, "clone: did not find source subvol") == ReceiveCause::stream);
    CHECK(after(1, "") == ReceiveCause::stream);
    CHECK(after(1, "open x failed: Too many levels of symbolic links") == ReceiveCause::symlink);
    CHECK(after(1, "open No space left on device failed: File exists") == ReceiveCause::stream);
}

TEST_CASE("what btrfs receive says of its disk is the disk's") {
    CHECK(after(1, "write to f failed: No space left on device") == ReceiveCause::full_disk);
    CHECK(after(1, "write to f failed: Disk quota exceeded") == ReceiveCause::full_disk);
    CHECK(after(1, "write to f failed: Input/output error") == ReceiveCause::failing_disk);
    CHECK(after(1, "mkfile f failed: Read-only file system") == ReceiveCause::failing_disk);
    CHECK(cause_of({false, 1, "mkfile a", "ERROR: mkfile a\nb failed: Input/output error\n"}) ==
          ReceiveCause::failing_disk);
}

TEST_CASE("a btrfs receive that was killed, or never began, says nothing of the stream") {
    CHECK(cause_of({true, SIGKILL, "", ""}) == ReceiveCause::crash);
    CHECK(cause_of({true, SIGSEGV, "chown f failed: File exists", ""}) == ReceiveCause::crash);
    CHECK(after(1, "clone f failed: Cannot allocate memory") == ReceiveCause::crash);
    for (const int status : {125, 126, 127}) {
        CHECK(after(status, "cannot prepare the program's room: errno 28") ==
              ReceiveCause::not_started);
    }
}
