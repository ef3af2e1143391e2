#pragma once

#include <string_view>

namespace snapferry::admin {

/// The page's style: no font, no picture from elsewhere.
inline constexpr std::string_view report_style = R"(
:root {
  color-scheme: light dark;
  --page: #fbfaf7; --card: #ffffff; --ink: #22262b; --faint: #69707a; --line: #dcdfe3;
  --good: #19764a; --bad: #b3261e; --gone: #b9bfc7;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171a; --card: #1d2125; --ink: #e6e8ea; --faint: #9aa3ad; --line: #353b42;
    --good: #58c08a; --bad: #ff8a80; --gone: #59616b;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 56rem;
  background: var(--page); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif;
}
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1.2rem; margin: 0 0 .5rem; overflow-wrap: anywhere; }
h3 { font-size: .95rem; margin: 1.2rem 0 .2rem; }
p { margin: .3rem 0; }
a { color: inherit; }
section, .overview {
  background: var(--card); border: 1px solid var(--line); border-radius: .6rem;
  padding: 1rem 1.2rem; margin: 1.2rem 0;
}
.overview { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .3rem .8rem .3rem 0; vertical-align: top; }
th { font-weight: 600; color: var(--faint); font-size: .85rem; }
td { overflow-wrap: anywhere; }
th, td.fixed { white-space: nowrap; overflow-wrap: normal; }
tr + tr td { border-top: 1px solid var(--line); }
td.name { min-width: 7rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1.2rem; margin: 0; }
dt { color: var(--faint); }
dd { margin: 0; overflow-wrap: anywhere; }
.chart { overflow-x: auto; }
svg { display: block; width: 100%; min-width: 34rem; height: auto; }
svg text { fill: var(--faint); font-size: 11px; }
.axis { stroke: var(--faint); }
.grid { stroke: var(--line); }
.stem { stroke-width: 1.5; }
.faint { color: var(--faint); }
.good { color: var(--good); fill: var(--good); stroke: var(--good); }
.bad { color: var(--bad); fill: var(--bad); stroke: var(--bad); }
.gone { fill: none; stroke: var(--gone); }
@media (max-width: 40rem) { td.fixed { white-space: normal; } }
@media print { body { background: none; } section { break-inside: avoid; } }
)";

}  // namespace snapferry::admin
