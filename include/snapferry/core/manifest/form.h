#pragma once

#include <cstddef>
#include <string_view>

/// The words of the form, for who writes and who reads it. docs/manifest.md has its grammar.
namespace snapferry::manifest {

inline constexpr std::string_view signature = "#mtree";
inline constexpr std::string_view version_line = "#snapferry-manifest 1";
inline constexpr std::string_view end_mark = "#end ";

inline constexpr std::size_t longest_path = 4095;  // bytes; PATH_MAX of Linux without its end
inline constexpr std::size_t longest_name = 255;   // bytes; NAME_MAX

/// bytes; a path with each byte quoted and escaped, a target of a symlink, and what else there is
inline constexpr std::size_t longest_line = std::size_t{64} * 1024;

}  // namespace snapferry::manifest
