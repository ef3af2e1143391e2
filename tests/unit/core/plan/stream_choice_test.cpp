#include "snapferry/core/plan/stream_choice.h"

#include "catch.h"
#include "failure_of.h"

using snapferry::can_be_filled;
using snapferry::choose_stream;
using snapferry::choose_writes;
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

TEST_CASE("a stream is filled with writes that every receiver takes") {
    const auto [form, writes, can] = GENERATE(table<Form, std::uint32_t, bool>({
        {Form::v1, 49152, true},
        {Form::v1, 4096, true},
        {Form::v1, 65536, false},
        {Form::v1, 0, false},
        {Form::v1, 4095, false},
        {Form::v2, 131072, true},
        {Form::v2_compressed, 131072, true},
        {Form::v2, 131072 + 4096, false},
        {Form::v2, 5000, false},
    }));
    CHECK(can_be_filled(form, writes) == can);
}

TEST_CASE("a full stream is filled here where the receiver keeps how it was made") {
    CHECK(choose_writes(Form::v1, false, true) == 49152);
    CHECK(choose_writes(Form::v2, false, true) == 131072);
    CHECK_FALSE(choose_writes(Form::v2, true, true));
    CHECK_FALSE(choose_writes(Form::v2, false, false));
}
