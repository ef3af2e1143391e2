#pragma once

#include <string_view>

namespace snapferry::admin {

/// The page's style: no font, no picture from elsewhere.
inline constexpr std::string_view report_style = R"(
:root {
  color-scheme: light dark;
  --page: #fbfaf7; --card: #ffffff; --ink: #22262b; --faint: #69707a; --line: #dcdfe3;
  --good: #19764a; --warn: #8a5a00; --bad: #b3261e; --gone: #b9bfc7;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171a; --card: #1d2125; --ink: #e6e8ea; --faint: #9aa3ad; --line: #353b42;
    --good: #58c08a; --warn: #e6b450; --bad: #ff8a80; --gone: #59616b;
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
.verdict { font-size: 1.15rem; font-weight: 600; border-left: .35rem solid; padding: .5rem .9rem; margin: 1rem 0; }
.verdict ul { margin: .4rem 0 0; padding-left: 1.1rem; font-size: 1rem; font-weight: 400; color: var(--ink); }
.old { color: #fff; background: #b3261e; padding: .6rem .9rem; border-radius: .4rem; font-weight: 600; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .3rem .8rem .3rem 0; vertical-align: top; }
th { font-weight: 600; color: var(--faint); font-size: .85rem; white-space: nowrap; }
td { overflow-wrap: anywhere; }
td.fixed { white-space: nowrap; overflow-wrap: normal; }
tr + tr td { border-top: 1px solid var(--line); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1.2rem; margin: 0; }
dt { color: var(--faint); }
dd { margin: 0; overflow-wrap: anywhere; }
ul { margin: .2rem 0; padding-left: 1.1rem; }
li { overflow-wrap: anywhere; }
summary { cursor: pointer; margin: 1rem 0 .2rem; font-weight: 600; font-size: .95rem; }
pre {
  background: var(--page); border: 1px solid var(--line); border-radius: .4rem; margin: .3rem 0 .8rem;
  padding: .5rem .7rem; white-space: pre-wrap; overflow-wrap: anywhere; font-size: .85rem;
}
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--faint); font-size: 11px; }
.axis { stroke: var(--faint); }
.grid { stroke: var(--line); }
.stem { stroke-width: 1.5; fill: none; }
.dot { stroke-width: 5; stroke-linecap: round; fill: none; }
.line { stroke: var(--good); stroke-width: 1.5; fill: none; }
.faint { color: var(--faint); }
.good { color: var(--good); fill: var(--good); stroke: var(--good); }
.bad { color: var(--bad); fill: var(--bad); stroke: var(--bad); }
.warn { color: var(--warn); fill: var(--warn); stroke: var(--warn); }
.gone { fill: none; stroke: var(--gone); }
@media (max-width: 40rem) {
  body { padding: 1rem .5rem 2rem; }
  section, .overview { padding: .8rem; }
  thead { display: none; }
  table, tbody, tr, td, td.fixed { display: block; white-space: normal; overflow-wrap: anywhere; }
  tr { padding: .4rem 0; }
  tr + tr { border-top: 1px solid var(--line); }
  tr + tr td { border-top: 0; }
  td { padding: .05rem 0; }
  td[title]::before { content: attr(title) ": "; color: var(--faint); }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .4rem; }
  svg text { font-size: 17px; }
}
@media print { body { background: none; } section { break-inside: avoid; } }
)";

}  // namespace snapferry::admin
