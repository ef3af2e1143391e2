#pragma once

#include <string>
#include <vector>

#include "snapferry/core/manifest/entry.h"
#include "snapferry/core/manifest/writer.h"

namespace snapferry::manifest::testing {

inline Digest digest_of(int number) {
    Digest digest{};
    digest.fill(static_cast<std::byte>(number));
    return digest;
}

inline Entry directory(std::string path) {
    return {std::move(path), Kind::directory, 0755, 0, 0, {1, 2}};
}

inline Entry file(std::string path, int contents = 1) {
    Entry entry{std::move(path), Kind::file, 0644, 1000, 100, {1629183601, 500}};
    entry.size = 3;
    entry.contents = digest_of(contents);
    return entry;
}

inline Entry symlink(std::string path, std::string target) {
    Entry entry{std::move(path), Kind::symlink, 0777, 0, 0, {-1, 999'999'999}};
    entry.target = std::move(target);
    return entry;
}

/// One of each kind, with names that want escaping.
inline std::vector<Entry> tree() {
    auto linked = file("a b/one");
    linked.group = 1;
    linked.xattrs = digest_of(0xab);
    auto again = linked;
    again.path = "a b/two";
    Entry device{"dev", Kind::block_device, 0660, 0, 6, {0, 0}};
    device.device = Device{8, 1};
    return {directory(""),
            directory("a b"),
            linked,
            again,
            file("a b-"),  // after what is in "a b"
            device,
            {"fifo", Kind::fifo, 0600, 0, 0, {0, 0}},
            symlink("link", "../x\ny=#\\"),
            {"n\xc3\xa9\xff", Kind::socket, 04755, 0, 0, {0, 0}}};
}

inline std::string text_of(const std::vector<Entry>& entries) {
    std::string text;
    Writer writer([&](std::string_view more) { text += more; });
    for (const auto& entry : entries) {
        writer.add(entry);
    }
    writer.finish();
    return text;
}

}  // namespace snapferry::manifest::testing
