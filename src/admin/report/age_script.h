#pragma once

#include <string_view>

namespace snapferry::admin {

/// Says in red that the page is old: only whoever looks at it can know.
inline constexpr std::string_view age_script = R"(
const page = document.documentElement, old = document.getElementById("old");
function look() {
  const minutes = Math.floor((Date.now() / 1000 - page.dataset.written) / 60);
  if (minutes >= 15) {
    old.hidden = false;
    old.textContent = "This page is " + (minutes < 120 ? minutes + " minutes"
      : minutes < 2880 ? Math.floor(minutes / 60) + " hours" : Math.floor(minutes / 1440) + " days")
      + " old: nothing has written it since. What it says may be true no more.";
  }
}
look();
setInterval(look, 30000);
)";

/// The one script that the page's policy lets run: base64 of the SHA-256 of it. A test holds the
/// two together.
inline constexpr std::string_view age_script_digest =
    "2LUoJkaDkdeZqlCsLes4oF7Gz7iXHvKkaqjcKoqSkt4=";

}  // namespace snapferry::admin
