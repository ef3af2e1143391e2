#pragma once

/// Public keys made for the tests; their private halves are gone.
namespace snapferry::setup::test_keys {

inline constexpr auto first =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIACw7JBX6VMmcrAP3HNeAXqjaxIlEaaq6Ml4evDQ96zN root@nas";
inline constexpr auto first_fingerprint = "SHA256:11Cm964kRswhIeBmnxWVL8XngkR1Et5F1X6jiYAhfX0";
inline constexpr auto second =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINLA676TFEt7rEWBHdK004Zf5KzpmoOQTlOrmW/uGeo1 root@nas";
inline constexpr auto of_ecdsa =
    "ecdsa-sha2-nistp256 "
    "AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBNF1WQwdnPB7WaGl1SMrGAkW94d9MY3pVL5K/"
    "JPOCglxffzhOEn6cUFxCB9V+smqp7D2py6KtIKwIf5BJ4H58zs=";

}  // namespace snapferry::setup::test_keys
