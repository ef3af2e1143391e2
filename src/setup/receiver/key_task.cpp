#include <fmt/format.h>
#include <sys/stat.h>

#include <optional>

#include "../steps/system.h"
#include "receiver_tasks.h"
#include "snapferry/core/access/account.h"
#include "snapferry/core/access/authorized_keys.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/setup/key_lines.h"
#include "snapferry/core/setup/public_key.h"
#include "snapferry/core/setup/text/text_lines.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/config/careful_edit.h"
#include "snapferry/sys/files/directory_entries.h"

namespace snapferry::setup {
namespace {

class KeyTask : public Task {
  public:
    explicit KeyTask(const ReceiverWishes& wishes) : wishes_(wishes) {}

    [[nodiscard]] Step look() const override {
        Step step{
            "key", fmt::format("the sender's key, which can only send to {}", wishes_.tag.text()),
            {},    {},
            {},    {},
            {}};
        try {
            return look_at_file(step);
        } catch (const Failure& failure) {
            return blocked(step, failure.what(), failure.hint());
        }
    }

    void carry_out() override {
        const auto file = key_file();
        make_directory_of_root(file.parent_path());
        const auto check = [&](const std::filesystem::path& path) { require_taken(path); };
        sys::edit_carefully(
            file, 0644, [&](const std::string& text) { return with_key_line(text, wish()); }, check,
            [&] { check(file); });
    }

  private:
    [[nodiscard]] std::filesystem::path key_file() const {
        const auto user = user_named(wishes_.user);
        // As account_task() makes it.
        return key_file_of(user ? *user
                                : User{wishes_.user, 1, "/var/lib/" + wishes_.user, "/bin/sh"});
    }

    [[nodiscard]] KeyLineWish wish() const {
        const auto key = parse_public_key(*wishes_.key);
        const auto program = receiver_program().native();
        return {key_options(program, wishes_.tag.text(), true), key.line(), key.base64,
                wishes_.tag.text(), program};
    }

    /// As sshd will read it.
    void require_taken(const std::filesystem::path& file) const {
        const auto look = look_for_key(text_of(file), wish());
        if (look.kind != KeyLook::Kind::there) {
            throw Failure(ExitCode::configuration,
                          fmt::format("{} would not let the key do what it should",
                                      escape_text(file.native())),
                          "nothing was changed; look at its lines");
        }
        have_done("write a file of keys that ssh reads", "ssh-keygen", {"-l", "-f", file.native()});
    }

    [[nodiscard]] Step look_at_file(Step step) const {
        const auto file = key_file();
        step.where = escape_text(file.native());
        if (const auto why = why_not_to_edit(file)) {
            return blocked(step, fmt::format("{} is left as it is: {}", step.where, *why),
                           fmt::format("look what is in it; where all of that is yours, make it "
                                       "a file of root's: chown root:root {0} && chmod 644 {0}",
                                       step.where));
        }
        if (!is_readable_by_sshd(file)) {
            return blocked(step,
                           fmt::format("sshd reads {} as {}, whom its mode keeps out", step.where,
                                       wishes_.user),
                           fmt::format("chmod 644 {}", step.where));
        }
        if (!wishes_.key) {
            return look_without_key(text_of(file), std::move(step));
        }
        return look_for(text_of(file), std::move(step));
    }

    static bool is_readable_by_sshd(const std::filesystem::path& file) {
        struct stat data {};
        return ::stat(file.c_str(), &data) != 0 || (data.st_mode & S_IROTH) != 0;
    }

    [[nodiscard]] Step look_without_key(const std::string& text, Step step) const {
        if (!key_lines_of(text, wishes_.tag.text()).empty()) {
            return done(step);
        }
        return left(step, "it is not known yet",
                    "run the line below at the sender: it prints what to run here then");
    }

    [[nodiscard]] Step look_for(const std::string& text, Step step) const {
        using Kind = KeyLook::Kind;
        const auto look = look_for_key(text, wish());
        const auto changes = changes_between(text, with_key_line(text, wish()));
        const auto line = fmt::format("{} line {}", step.where, look.line);
        switch (look.kind) {
            case Kind::there:
                return done(step);
            case Kind::other_tag:
                return blocked(
                    step, fmt::format("this key is for {} already ({})", look.tag, line),
                    fmt::format("make a key of its own for {} at the sender", wishes_.tag.text()));
            case Kind::other_purpose:
                return blocked(step, fmt::format("this key may do something else here ({})", line),
                               "take that line out first, or make another key at the sender");
            case Kind::not_understood:
                return blocked(step, fmt::format("{} cannot be read", line),
                               "mend that line first");
            case Kind::other_key:
                if (!wishes_.replace_key) {
                    return blocked(step,
                                   fmt::format("another key is there for {}: {}",
                                               wishes_.tag.text(), escape_text(look.replaced[0])),
                                   "where that is another machine, choose another --tag; where the "
                                   "sender has a new key, say --replace-key");
                }
                break;
            case Kind::absent:
            case Kind::outdated:
                break;
        }
        step.shown = changes;
        return step;
    }

    const ReceiverWishes& wishes_;
};

}  // namespace

std::unique_ptr<Task> key_task(const ReceiverWishes& wishes) {
    return std::make_unique<KeyTask>(wishes);
}

}  // namespace snapferry::setup
