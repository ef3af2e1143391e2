#include "snapferry/core/plan/stream_choice.h"

#include "catch.h"
#include "failure_of.h"

using snapferry::choose_stream;
using snapferry::ExitCode;
using snapferry::testing::failure_of;
using namespace snapferry::stream;

TEST_CASE("of what both sides can the newest form is chosen") {
    const auto forms = forms_up_to(Form::v2_compressed);
    for (const auto here : forms)
        for (const auto there : forms) {
            const auto choice = choose_stream({}, here, forms_up_to(there));
            CHECK(choice.form == std::min(here, there));
            CHECK_FALSE(choice.reason.empty());
        }
    CHECK(choose_stream({}, Form::v2_compressed, {}).form == Form::v1);
}

TEST_CASE("a form that is demanded is taken, or refused with whom it fails at") {
    const auto forms = forms_up_to(Form::v2_compressed);
    for (const auto demanded : forms)
        for (const auto here : forms)
            for (const auto there : forms) {
                const auto choose = [&] {
                    return choose_stream(demanded, here, forms_up_to(there)).form;
                };
                if (demanded <= here && demanded <= there)
                    CHECK(choose() == demanded);
                else
                    CHECK(failure_of(choose).code() == ExitCode::configuration);
            }
    CHECK(failure_of([] { choose_stream(Form::v2, Form::v1, forms_up_to(Form::v2)); }).what() ==
          std::string("the stream v2 is demanded, but this kernel makes v1 at most"));
    CHECK(failure_of([] {
              choose_stream(Form::v2_compressed, Form::v2_compressed, forms_up_to(Form::v2));
          }).what() == std::string("the stream v2-compressed is demanded, but the receiver's "
                                   "btrfs-progs take v2 at most"));
}

TEST_CASE("a form has one text, and that is read again") {
    for (const auto form : forms_up_to(Form::v2_compressed))
        CHECK(parse_form(text_of(form)) == form);
    for (const auto* text : {"", "1", "v", "v3", "V1", "v2_compressed", "v2-compressed "})
        CHECK_FALSE(parse_form(text));
    CHECK(version_of(Form::v1) == 1);
    CHECK(version_of(Form::v2) == 2);
    CHECK(version_of(Form::v2_compressed) == 2);
}
