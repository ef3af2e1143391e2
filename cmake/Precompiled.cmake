# Headers of the standard library and of fmt that nearly every source needs are parsed once for each
# set of flags. Headers of our own are never among them, and clang-tidy is run without (tests/tidy): what a
# source needs and does not include is found. Where there is little room on the disk:
#   cmake --preset release -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON
set(snapferry_precompiled
  <algorithm> <array> <chrono> <cstdint> <filesystem> <functional> <map> <memory> <optional> <span>
  <string> <string_view> <thread> <utility> <variant> <vector> <fmt/format.h>)

# Of the targets with the same options, the second and those after it take what was parsed for the first.
# What is compiled otherwise says so with OPTIONS_OF: newer GCCs refuse what was parsed with another -O.
# With the fuzz targets, the core has flags of its own.
function(snapferry_precompile target)
  cmake_parse_arguments(PARSE_ARGV 1 wanted "" "OPTIONS_OF" "")
  set(property snapferry_precompiled_by_${wanted_OPTIONS_OF})
  get_property(first GLOBAL PROPERTY ${property})
  if(SNAPFERRY_FUZZ AND target STREQUAL snapferry_core)
    target_precompile_headers(${target} PRIVATE ${snapferry_precompiled})
  elseif(first)
    target_precompile_headers(${target} REUSE_FROM ${first})
  else()
    target_precompile_headers(${target} PRIVATE ${snapferry_precompiled})
    set_property(GLOBAL PROPERTY ${property} ${target})
  endif()
endfunction()
