// What generation 1 of parigot puts around its messages.
//
//   u64 0x1789071417760704 | u32 length | the message | u32 CRC-32 of the message
//
// Numbers are little endian. The CRC has Koopman's polynomial, reversed 0xeb31d82e: Go's crc32.Koopman.
// Source: parigot's apiimpl/splitutil/splitutil.go:136-154 and 213-239, and apiimpl/netconst/const.go:7-12, of April
// 2023 (80a40219).

#ifndef parigot_runtime_kernel_frame_h
#define parigot_runtime_kernel_frame_h

#include "../common/text.h"

namespace kernel {

using namespace runtime;

constexpr uint32_t frameHeaderBytes = 12, frameTrailerBytes = 4;
// ReadBufferSize: a guest's buffer for a reply, and what no message reaches (splitutil.go:219).
constexpr uint32_t readBufferBytes = 4096;

uint32_t crcKoopman(Text bytes);
// The message in a frame. False: it is none, or the message is too long or has been damaged.
bool openFrame(Text frame, Text& message);
// Makes a frame of so many bytes that lie behind room for the header, and before room for the trailer. Its size.
uint32_t closeFrame(char* frame, uint32_t messageBytes);

} // namespace kernel

#endif // parigot_runtime_kernel_frame_h
