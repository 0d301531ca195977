// Sizes in bytes, as users write and read them.

#ifndef parigot_support_byte_size_h
#define parigot_support_byte_size_h

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace parigot {

// Bytes of "64MiB", "1GiB", "512KiB" or a bare number.
std::optional<uint64_t> parseByteSize(std::string_view text);

// "64 MiB", or "96 KiB" when the size is no whole number of MiB. Bytes beyond whole KiB are dropped.
std::string spokenBytes(uint64_t bytes);

} // namespace parigot

#endif // parigot_support_byte_size_h
