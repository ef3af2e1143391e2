#include "snapferry/sys/tree/writing/tree_writer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <utility>

#include "snapferry/core/restore/selection.h"
#include "snapferry/core/text/hexadecimal.h"
#include "snapferry/sys/files/open_beneath.h"
#include "snapferry/sys/machine/random_bytes.h"
#include "snapferry/sys/tree/metadata.h"

namespace snapferry::sys {
namespace {

using manifest::Kind;
using restore::Action;

constexpr std::string_view temporary_prefix = ".snapferry-restore-";

/// A sync costs a disk some tenths of a second, and what waits for one is lost in a power cut.
constexpr std::size_t most_steps = 1000;
constexpr std::uint64_t most_waiting = std::uint64_t{256} << 20;  // bytes

constexpr int as_directory = O_RDONLY | O_DIRECTORY;

std::string random_prefix() {
    std::array<std::byte, 8> bytes{};
    fill_at_random(bytes);
    return fmt::format("{}{}-", temporary_prefix, hexadecimal(bytes));
}

/// Where the filesystem cannot rename without replacing, a look comes before. (Who puts something
/// there in between has chosen that moment.)
bool rename_to_free_name(int directory, const std::string& from, const std::string& to) {
    if (::renameat2(directory, from.c_str(), directory, to.c_str(), RENAME_NOREPLACE) == 0) {
        return true;
    }
    if (errno != EINVAL) {
        return false;
    }
    if (::faccessat(directory, to.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
        errno = EEXIST;
        return false;
    }
    return ::renameat(directory, from.c_str(), directory, to.c_str()) == 0;
}

mode_t type_of(Kind kind) {
    switch (kind) {
        case Kind::fifo:
            return S_IFIFO;
        case Kind::socket:
            return S_IFSOCK;
        case Kind::block_device:
            return S_IFBLK;
        default:
            return S_IFCHR;
    }
}

bool make_node(int directory, const std::string& name, const manifest::Entry& entry) {
    if (entry.kind == Kind::symlink) {
        return ::symlinkat(entry.target.value().c_str(), directory, name.c_str()) == 0;
    }
    const auto device = entry.device.value_or(manifest::Device{});
    return ::mknodat(directory, name.c_str(), type_of(entry.kind) | S_IRUSR | S_IWUSR,
                     makedev(device.major, device.minor)) == 0;
}

}  // namespace

/// What was lost before this is not of this copy: the first sync hears of it, and it is let go.
TreeWriter::TreeWriter(const Destination& destination, Tell tell)
    : destination_(destination), tell_(std::move(tell)), prefix_(random_prefix()) {
    (void)::syncfs(destination_.descriptor());
}

TreeWriter::~TreeWriter() {
    for (const auto& step : steps_) {
        if (const auto* const made = std::get_if<Appear>(&step)) {
            const auto directory = destination_.open(parent_of(made->path), as_directory);
            (void)::unlinkat(directory.get(), made->temporary.c_str(), 0);
        }
    }
}

void TreeWriter::write(const Item& item, Action action) {
    const auto& entry = item.entry;
    leave_directories(entry.path);
    if (action == Action::leave || action == Action::refuse) {
        return;
    }
    if (entry.kind == Kind::directory) {
        enter(item, action);
        return;
    }
    const auto first = entry.group ? first_of_group_.find(*entry.group) : first_of_group_.end();
    const bool replace = action == Action::replace;
    if (action == Action::keep) {
        // It is what the others are to be links to.
    } else if (first != first_of_group_.end()) {
        add(Link{entry.path, first->second, replace}, 0);
    } else {
        put(item, replace);
    }
    if (entry.group) {
        first_of_group_.try_emplace(*entry.group, entry.path);
    }
}

void TreeWriter::finish() {
    while (!directories_.empty()) {
        add(Finish{std::move(directories_.back())}, 0);
        directories_.pop_back();
    }
    flush();
    sync();
}

void TreeWriter::leave_directories(const std::string& for_path) {
    while (!directories_.empty() &&
           !restore::is_beneath(for_path, directories_.back().entry.path)) {
        add(Finish{std::move(directories_.back())}, 0);
        directories_.pop_back();
    }
}

void TreeWriter::enter(const Item& item, Action action) {
    if (action == Action::make) {
        make_directory(item.entry.path);
    } else {
        clear_leftovers(item.entry.path);
    }
    if (action != Action::merge) {
        directories_.push_back(item);
    }
}

/// It has its mark before it has its name.
void TreeWriter::make_directory(const std::string& path) {
    const auto parent = destination_.directory_of(path);
    const auto temporary = new_name();
    if (::mkdirat(parent.get(), temporary.c_str(), S_IRWXU) != 0) {
        throw failure_at("make", destination_.shown(path));
    }
    const auto made = open_beneath(parent.get(), temporary, as_directory);
    (void)::fsetxattr(made.get(), unfinished_mark, "", 0, 0);
    if (!rename_to_free_name(parent.get(), temporary, name_of(path))) {
        const int error = errno;
        (void)::unlinkat(parent.get(), temporary.c_str(), AT_REMOVEDIR);
        errno = error;
        throw failure_at("make", destination_.shown(path));
    }
}

/// What a copy that was killed has left in the directory.
void TreeWriter::clear_leftovers(const std::string& path) {
    const auto directory = destination_.open(path, as_directory);
    const auto names = directory ? names_in(directory.get()) : std::nullopt;
    if (!names) {
        throw failure_at("look into", destination_.shown(path));
    }
    for (const auto& name : *names) {
        if (name.starts_with(temporary_prefix) && !name.starts_with(prefix_) &&
            ::unlinkat(directory.get(), name.c_str(), 0) != 0) {
            (void)::unlinkat(directory.get(), name.c_str(), AT_REMOVEDIR);
        }
    }
}

void TreeWriter::put(const Item& item, bool replace) {
    const auto directory = destination_.directory_of(item.entry.path);
    const auto temporary = new_name();
    try {
        make(item, directory.get(), temporary);
    } catch (...) {
        (void)::unlinkat(directory.get(), temporary.c_str(), 0);
        throw;
    }
    add(Appear{item.entry.path, temporary, replace}, item.entry.size.value_or(0));
}

void TreeWriter::make(const Item& item, int directory, const std::string& temporary) {
    const auto& entry = item.entry;
    if (entry.kind == Kind::file) {
        make_file(item, directory, temporary);
        return;
    }
    if (!make_node(directory, temporary, entry)) {
        throw failure_at("make", destination_.shown(entry.path));
    }
    const auto made = open_beneath(directory, temporary, O_PATH);
    const auto found = made ? found_at(directory, temporary, entry.path) : std::optional<Found>();
    if (!found || found->entry.kind != entry.kind) {
        throw Failure(ExitCode::incomplete,
                      destination_.shown(entry.path) + " is changed while it is made");
    }
    give(made.get(), item);
}

void TreeWriter::make_file(const Item& item, int directory, const std::string& temporary) {
    const auto shown = destination_.shown(item.entry.path);
    const UniqueFd file(::openat(directory, temporary.c_str(),
                                 O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                                 S_IRUSR | S_IWUSR));
    if (!file) {
        throw failure_at("make", shown);
    }
    item.fill(file.get(), shown);
    give(file.get(), item);
}

void TreeWriter::give(int file, const Item& item) {
    auto missing = dress(file, item.entry, item.attributes, destination_.shown(item.entry.path));
    if (first_left_out_.empty() && !missing.empty()) {
        first_left_out_ = std::move(missing.front());
    }
    left_out_ += missing.size();
}

void TreeWriter::add(Step step, std::uint64_t bytes) {
    steps_.push_back(std::move(step));
    waiting_ += bytes;
    if (steps_.size() >= most_steps || waiting_ >= most_waiting) {
        flush();
    }
}

/// A descriptor that is open since before the first write hears of each that failed.
void TreeWriter::sync() {
    if (::syncfs(destination_.descriptor()) != 0) {
        throw failure_at("write all of", destination_.shown(""));
    }
}

void TreeWriter::flush() {
    sync();
    for (const auto& step : steps_) {
        take(step);
    }
    steps_.clear();
    waiting_ = 0;
}

void TreeWriter::take(const Step& step) {
    if (const auto* const made = std::get_if<Appear>(&step)) {
        appear(*made);
    } else if (const auto* const linked = std::get_if<Link>(&step)) {
        link(*linked);
    } else {
        dress_directory(std::get<Finish>(step));
    }
}

void TreeWriter::appear(const Appear& step) {
    const auto directory = destination_.open(parent_of(step.path), as_directory);
    const auto name = name_of(step.path);
    const bool done =
        directory && (step.replace ? ::renameat(directory.get(), step.temporary.c_str(),
                                                directory.get(), name.c_str()) == 0
                                   : rename_to_free_name(directory.get(), step.temporary, name));
    if (!done) {
        const auto failure = failure_at("give its name to", destination_.shown(step.path));
        (void)::unlinkat(directory.get(), step.temporary.c_str(), 0);
        tell(step.path, failure);
    }
}

/// Where something is replaced, the link has another name first. (To rename one link of a file to
/// another does nothing, and says nothing: see rename(2).)
void TreeWriter::link(const Link& step) {
    const auto from = destination_.open(parent_of(step.first), as_directory);
    const auto to = destination_.open(parent_of(step.path), as_directory);
    const auto first = name_of(step.first);
    const auto name = step.replace ? new_name() : name_of(step.path);
    bool done = from && to && ::linkat(from.get(), first.c_str(), to.get(), name.c_str(), 0) == 0;
    if (done && step.replace) {
        done = ::renameat(to.get(), name.c_str(), to.get(), name_of(step.path).c_str()) == 0;
        const int error = errno;
        (void)::unlinkat(to.get(), name.c_str(), 0);
        errno = error;
    }
    if (!done) {
        tell(step.path, failure_at("link", destination_.shown(step.path)));
    }
}

void TreeWriter::dress_directory(const Finish& step) {
    const auto& path = step.directory.entry.path;
    try {
        const auto directory = destination_.open(path, as_directory);
        if (!directory) {
            throw failure_at("open", destination_.shown(path));
        }
        give(directory.get(), step.directory);
    } catch (const Failure& failure) {
        tell(path, failure);
    }
}

/// What is not this entry's alone ends all.
void TreeWriter::tell(const std::string& path, const Failure& failure) {
    if (failure.code() != ExitCode::incomplete) {
        throw Failure(failure);
    }
    tell_(path, failure);
}

std::string TreeWriter::new_name() {
    return prefix_ + std::to_string(++names_);
}

}  // namespace snapferry::sys
