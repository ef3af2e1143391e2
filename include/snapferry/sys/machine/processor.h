#pragma once

namespace snapferry::sys {

/// True where this processor has instructions for AES and for the multiplication of GCM.
bool has_fast_aes();

}  // namespace snapferry::sys
