#include "core/wire/message_sample.h"

namespace snapferry::wire::testing {
namespace {

SnapshotName name(const char* text) {
    return SnapshotName::parse(text).value();
}
Uuid uuid(const char* text) {
    return Uuid::parse(text).value();
}

/// The example of RFC 8439, 2.5.2.
KeyedMac first_mac() {
    return {
        parse_mac_key("85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b").value(),
        "a8061dc1305136c6c22b8baf0c0127a9"};
}

using stream::Form;

constexpr auto eighth = "2021-08-18T07:00:01+00:00-@daily";
constexpr auto seventh = "2021-08-17T07:00:01+00:00-@daily";
constexpr auto eighth_uuid = "4b0f3c1e-9d2a-4e57-8c31-6a2f90d1b7e5";
constexpr auto seventh_uuid = "0d6e2f84-13b7-4c9a-a5f0-7e8b1c3d5f69";
constexpr auto eighth_copy = "c1f6a0b2-58d3-4e17-9a4c-03b7e2d9f851";
constexpr auto claim_text = "85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b";
constexpr auto seventh_copy = "e83b5d19-2a7c-4f60-b1d8-6c94f0a3e725";

}  // namespace

std::vector<Sample> samples() {
    return {
        {"hello", Hello{"snapferry 0.1.0"},
         R"({"macs":true,"program":"snapferry 0.1.0","type":"hello"})"},
        {"announce",
         Announce{name(eighth), uuid(eighth_uuid), 4711, uuid(seventh_uuid), Form::v1, false, 0,
                  uuid(seventh_copy)},
         R"({"name":"2021-08-18T07:00:01+00:00-@daily",)"
         R"("parent":"0d6e2f84-13b7-4c9a-a5f0-7e8b1c3d5f69",)"
         R"("parent_copy":"e83b5d19-2a7c-4f60-b1d8-6c94f0a3e725","replace":false,"resume_offset":0,)"
         R"("stream":"v1","transid":4711,"type":"announce",)"
         R"("uuid":"4b0f3c1e-9d2a-4e57-8c31-6a2f90d1b7e5"})"},
        {"announce",
         Announce{name(seventh),
                  uuid(seventh_uuid),
                  18446744073709551615U,
                  {},
                  Form::v2_compressed,
                  true,
                  4294967296},
         R"({"name":"2021-08-17T07:00:01+00:00-@daily","parent":null,"replace":true,)"
         R"("resume_offset":4294967296,"stream":"v2-compressed","transid":18446744073709551615,)"
         R"("type":"announce","uuid":"0d6e2f84-13b7-4c9a-a5f0-7e8b1c3d5f69"})"},
        {"announce",
         Announce{name(seventh), uuid(seventh_uuid), 1, {}, Form::v2, false, 0, {}, 471859200, 0},
         R"({"expected_bytes":471859200,"least_bytes":0,)"
         R"("name":"2021-08-17T07:00:01+00:00-@daily","parent":null,"replace":false,)"
         R"("resume_offset":0,"stream":"v2","transid":1,)"
         R"("type":"announce","uuid":"0d6e2f84-13b7-4c9a-a5f0-7e8b1c3d5f69"})"},
        {"announce of a filled stream",
         Announce{name(seventh),
                  uuid(seventh_uuid),
                  1,
                  {},
                  Form::v2,
                  false,
                  0,
                  {},
                  {},
                  {},
                  131072,
                  parse_claim(claim_text)},
         R"({"claim":"85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b",)"
         R"("name":"2021-08-17T07:00:01+00:00-@daily","parent":null,"replace":false,)"
         R"("resume_offset":0,"stream":"v2","transid":1,)"
         R"("type":"announce","uuid":"0d6e2f84-13b7-4c9a-a5f0-7e8b1c3d5f69","writes":131072})"},
        {"announce of one that is gone on with unread",
         Announce{name(seventh),
                  uuid(seventh_uuid),
                  1,
                  {},
                  Form::v1,
                  false,
                  4096,
                  {},
                  {},
                  {},
                  49152,
                  {},
                  parse_secret(claim_text)},
         R"({"name":"2021-08-17T07:00:01+00:00-@daily","parent":null,"replace":false,)"
         R"("resume_offset":4096,)"
         R"("secret":"85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b",)"
         R"("stream":"v1","transid":1,)"
         R"("type":"announce","uuid":"0d6e2f84-13b7-4c9a-a5f0-7e8b1c3d5f69","writes":49152})"},
        {"stream_end", StreamEnd{1048576, "06b05ab6733a618578af5f94892f3950"},
         R"({"bytes":1048576,"digest":"06b05ab6733a618578af5f94892f3950","type":"stream_end"})"},
        {"goodbye", Goodbye{}, R"({"type":"goodbye"})"},
        {"manifest", ManifestOffer{uuid(eighth_copy), uuid(eighth_uuid), 7340032},
         R"({"bytes":7340032,"copy":"c1f6a0b2-58d3-4e17-9a4c-03b7e2d9f851","type":"manifest",)"
         R"("uuid":"4b0f3c1e-9d2a-4e57-8c31-6a2f90d1b7e5"})"},
        {"manifest_end", ManifestEnd{"06b05ab6733a618578af5f94892f3950"},
         R"({"digest":"06b05ab6733a618578af5f94892f3950","type":"manifest_end"})"},
        {"manifest_kept", ManifestKept{}, R"({"type":"manifest_kept"})"},
        {"keep_alive", KeepAlive{}, R"({"type":"keep_alive"})"},
        {"welcome",
         Welcome{"snapferry 0.1.0",
                 {Form::v1, Form::v2},
                 2000398934016,
                 {{name(seventh), uuid(seventh_uuid), uuid(seventh_copy), true}},
                 Unfinished{name(eighth),
                            uuid(eighth_uuid),
                            uuid(seventh_uuid),
                            Form::v2,
                            {{4294967296, "06b05ab6733a618578af5f94892f3950", first_mac()},
                             {6442450944, "99aa06d3014798d86001c324468d497f"}},
                            uuid(seventh_copy)},
                 "home",
                 true,
                 false,
                 true,
                 true,
                 {},
                 uuid("7f1e0b52-6c3d-4a98-8e27-d05b9a4c1f63"),
                 true},
         R"({"compressed_data":true,"disk":"7f1e0b52-6c3d-4a98-8e27-d05b9a4c1f63","fast_aes":false,"free_bytes":2000398934016,"macs":true,"manifests":true,)"
         R"("outlines":true,"program":"snapferry 0.1.0",)"
         R"("snapshots":[{"copy":"e83b5d19-2a7c-4f60-b1d8-6c94f0a3e725","manifest":true,)"
         R"("name":"2021-08-17T07:00:01+00:00-@daily",)"
         R"("uuid":"0d6e2f84-13b7-4c9a-a5f0-7e8b1c3d5f69"}],"streams":["v1","v2"],"tag":"home",)"
         R"("type":"welcome","unfinished":{"name":"2021-08-18T07:00:01+00:00-@daily",)"
         R"("parent":"0d6e2f84-13b7-4c9a-a5f0-7e8b1c3d5f69",)"
         R"("parent_copy":"e83b5d19-2a7c-4f60-b1d8-6c94f0a3e725",)"
         R"("shares":[{"digest":"06b05ab6733a618578af5f94892f3950","end":4294967296,)"
         R"("key":"85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b",)"
         R"("mac":"a8061dc1305136c6c22b8baf0c0127a9"},)"
         R"({"digest":"99aa06d3014798d86001c324468d497f","end":6442450944}],"stream":"v2",)"
         R"("uuid":"4b0f3c1e-9d2a-4e57-8c31-6a2f90d1b7e5"}})"},
        {"welcome", Welcome{"x", {}, 0, {}, {}, "y"},
         R"({"compressed_data":false,"free_bytes":0,"macs":false,"manifests":false,)"
         R"("outlines":false,"program":"x","snapshots":[],)"
         R"("streams":[],"tag":"y",)"
         R"("type":"welcome","unfinished":null})"},
        {"ready", Ready{}, R"({"type":"ready"})"},
        {"progress", Progress{6442450944, 4294967296},
         R"({"durable":4294967296,"received":6442450944,"type":"progress"})"},
        {"log", LogLine{Severity::warning, "two\nlines"},
         R"({"severity":"warning","text":"two\nlines","type":"log"})"},
        {"durable", Durable{uuid(eighth_copy)},
         R"({"copy":"c1f6a0b2-58d3-4e17-9a4c-03b7e2d9f851","type":"durable"})"},
        {"durable", Durable{}, R"({"type":"durable"})"},
        {"welcome",
         Welcome{"x",
                 {},
                 0,
                 {{name(seventh), uuid(seventh_uuid)}},
                 Unfinished{name(eighth), uuid(eighth_uuid), {}, Form::v1, {{13, "x"}}},
                 "y"},
         R"({"compressed_data":false,"free_bytes":0,"macs":false,"manifests":false,)"
         R"("outlines":false,"program":"x",)"
         R"("snapshots":[{"name":"2021-08-17T07:00:01+00:00-@daily",)"
         R"("uuid":"0d6e2f84-13b7-4c9a-a5f0-7e8b1c3d5f69"}],"streams":[],"tag":"y",)"
         R"("type":"welcome","unfinished":{"name":"2021-08-18T07:00:01+00:00-@daily",)"
         R"("parent":null,"shares":[{"digest":"x","end":13}],"stream":"v1",)"
         R"("uuid":"4b0f3c1e-9d2a-4e57-8c31-6a2f90d1b7e5"}})"},
        {"welcome with a filled stream",
         Welcome{"x",
                 {},
                 0,
                 {},
                 Unfinished{name(eighth),
                            uuid(eighth_uuid),
                            {},
                            Form::v1,
                            {{13, "x", first_mac(), "99aa06d3014798d86001c324468d497f"}},
                            {},
                            49152,
                            claim_text},
                 "y",
                 false,
                 {},
                 true,
                 false,
                 {},
                 {},
                 true},
         R"({"compressed_data":false,"free_bytes":0,"macs":true,"manifests":false,)"
         R"("outlines":true,"program":"x","snapshots":[],"streams":[],"tag":"y",)"
         R"("type":"welcome","unfinished":{)"
         R"("claim_proof":"85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b",)"
         R"("name":"2021-08-18T07:00:01+00:00-@daily","parent":null,)"
         R"("shares":[{"digest":"x","end":13,)"
         R"("key":"85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b",)"
         R"("mac":"a8061dc1305136c6c22b8baf0c0127a9",)"
         R"("outline":"99aa06d3014798d86001c324468d497f"}],"stream":"v1",)"
         R"("uuid":"4b0f3c1e-9d2a-4e57-8c31-6a2f90d1b7e5","writes":49152}})"},
        {"result",
         Result{{{name(eighth), "the newest"}},
                {{name(seventh), "1 newer ones are kept"}},
                2000398934016},
         R"({"free_bytes":2000398934016,"kept":[{"name":"2021-08-18T07:00:01+00:00-@daily",)"
         R"("reason":"the newest"}],"pruned":[{"name":"2021-08-17T07:00:01+00:00-@daily",)"
         R"("reason":"1 newer ones are kept"}],"type":"result"})"},
        {"result", Result{{}, {}, 1, ReceiverWord{{{CheckState::warning, "nearly full"}}, {}}},
         R"({"free_bytes":1,"health":{"disk":[{"state":"warning","text":"nearly full"}],"tag":[]},)"
         R"("kept":[],"pruned":[],"type":"result"})"},
        {"failed", Failed{ExitCode::no_space, "the backup disk is full", "make room"},
         R"({"code":"no_space","hint":"make room","message":"the backup disk is full",)"
         R"("type":"failed"})"},
        {"failed that may pass", Failed{ExitCode::receiving, "the disk fails", "mend it", true},
         R"({"code":"receiving","hint":"mend it","may_pass":true,"message":"the disk fails",)"
         R"("type":"failed"})"},
    };
}

}  // namespace snapferry::wire::testing
