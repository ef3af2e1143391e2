#include "snapferry/core/names/job_labels.h"

#include "catch.h"

using namespace snapferry;

namespace {

NamedJob job(const std::string& name, const std::string& host, unsigned port = 22,
             const std::string& dest_tag = "tag", const std::string& source_tag = "daily") {
    return {name, JobIdentity::of("/data", source_tag, host, port, dest_tag)};
}

std::vector<std::string> labels(const std::vector<NamedJob>& jobs) {
    return labels_of(jobs);
}

using Labels = std::vector<std::string>;

}  // namespace

TEST_CASE("a job with a name of its own is called by that") {
    CHECK(labels({}).empty());
    CHECK(labels({job("home", "pi"), job("music", "pi")}) == Labels{"home", "music"});
}

TEST_CASE("jobs of one name are called by the least that tells them apart") {
    CHECK(labels({job("home", "pi"), job("music", "pi"), job("home", "pi2")}) ==
          Labels{"home (pi)", "music", "home (pi2)"});
    CHECK(labels({job("home", "pi", 22), job("home", "pi", 23)}) ==
          Labels{"home (pi:22)", "home (pi:23)"});
    CHECK(labels({job("home", "pi", 22, "a"), job("home", "pi", 22, "b")}) ==
          Labels{"home (pi:22 a)", "home (pi:22 b)"});
    CHECK(labels({job("home", "pi", 22, "a", "daily"), job("home", "pi", 22, "a", "weekly")}) ==
          Labels{"home (@daily of /data to pi:22 a)", "home (@weekly of /data to pi:22 a)"});
}
