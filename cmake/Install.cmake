# What `cmake --install` puts on a machine besides the programs. The example configurations go to
# the documentation and never to /etc, so that an upgrade cannot change how a machine behaves.
set(snapferry_unit_dir lib/systemd/system CACHE STRING
  "Where systemd units go, below the prefix (systemd looks into /usr and /usr/local)")

# Units and manual pages name the programs by their full path, whatever the prefix is. The hooks that they have as
# examples are nobody's but the person's, and stay in /usr/local/sbin.
function(snapferry_name_programs source target)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${source})
  file(READ ${PROJECT_SOURCE_DIR}/${source} text)
  string(REGEX REPLACE "/usr/local/sbin/(snapshot-send|snapshot-receive|snapferry)([^-a-z])"
    "${CMAKE_INSTALL_FULL_SBINDIR}/\\1\\2" text "${text}")
  file(WRITE ${PROJECT_BINARY_DIR}/${target} "${text}")
endfunction()
foreach(unit snapferry-send@.service snapferry-send.service snapferry-verify.service
    snapferry-drill.service snapferry-tell.service snapferry-report.service)
  snapferry_name_programs(systemd/${unit} systemd/${unit})
endforeach()
foreach(page snapshot-send.8 snapshot-receive.8 snapferry.8 snapferry-send.toml.5
    snapferry-receive.toml.5)
  snapferry_name_programs(docs/man/${page} man/${page})
endforeach()

install(FILES
  ${PROJECT_BINARY_DIR}/systemd/snapferry-send@.service
  ${PROJECT_BINARY_DIR}/systemd/snapferry-send.service
  ${PROJECT_BINARY_DIR}/systemd/snapferry-verify.service
  ${PROJECT_SOURCE_DIR}/systemd/snapferry-send@.timer
  ${PROJECT_SOURCE_DIR}/systemd/snapferry-verify.timer
  ${PROJECT_BINARY_DIR}/systemd/snapferry-drill.service
  ${PROJECT_SOURCE_DIR}/systemd/snapferry-drill.timer
  ${PROJECT_BINARY_DIR}/systemd/snapferry-tell.service
  ${PROJECT_SOURCE_DIR}/systemd/snapferry-tell.timer
  ${PROJECT_BINARY_DIR}/systemd/snapferry-report.service
  ${PROJECT_SOURCE_DIR}/systemd/snapferry-report.timer
  DESTINATION ${snapferry_unit_dir})
install(FILES packaging/send.toml.example packaging/receive.toml.example
  DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)
# What hooks and other programs of the machine call: at the same place in packages and by hand, below the prefix.
install(PROGRAMS packaging/hooks/ntfy packaging/hooks/ping packaging/hooks/webhook
  DESTINATION ${CMAKE_INSTALL_DATADIR}/snapferry/hooks)
install(PROGRAMS packaging/monitoring/collectd-exec
  DESTINATION ${CMAKE_INSTALL_DATADIR}/snapferry/monitoring)
install(FILES packaging/monitoring/consul-check.json packaging/monitoring/rsyslog.conf
  DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)
install(FILES packaging/lnav/snapferry.json DESTINATION ${CMAKE_INSTALL_DOCDIR}/lnav)
install(FILES README.md CHANGELOG.md CONTRIBUTING.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR}
  PATTERN man EXCLUDE PATTERN make EXCLUDE PATTERN "*.py" EXCLUDE)
install(FILES
  ${PROJECT_BINARY_DIR}/man/snapshot-send.8
  ${PROJECT_BINARY_DIR}/man/snapshot-receive.8
  ${PROJECT_BINARY_DIR}/man/snapferry.8
  DESTINATION ${CMAKE_INSTALL_MANDIR}/man8)
install(FILES
  ${PROJECT_BINARY_DIR}/man/snapferry-send.toml.5
  ${PROJECT_BINARY_DIR}/man/snapferry-receive.toml.5
  DESTINATION ${CMAKE_INSTALL_MANDIR}/man5)

# One file for all three programs, where each shell looks by the name of the program.
foreach(program snapferry snapshot-send snapshot-receive)
  install(FILES packaging/completions/snapferry.bash
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME ${program})
  install(FILES packaging/completions/snapferry.fish
    DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d RENAME ${program}.fish)
endforeach()
# Debian's zsh looks into another directory for packages than for what is installed by hand.
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  set(snapferry_zsh_dir ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
else()
  set(snapferry_zsh_dir ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
endif()
install(FILES packaging/completions/_snapferry DESTINATION ${snapferry_zsh_dir})
