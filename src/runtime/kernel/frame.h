// The frame that generation 1 of parigot puts around its messages.
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
// ReadBufferSize: the size of a guest's buffer for a reply, and more than any message has (splitutil.go:219).
constexpr uint32_t readBufferBytes = 4096;

uint32_t crcKoopman(Text bytes);
// Finds the message in a frame. False: the bytes are no frame, or the message is too long or damaged.
bool openFrame(Text frame, Text& message);
// Makes a frame around a message of `messageBytes` bytes. The message lies in `frame`, after room for the header, and
// with room for the trailer after it. Returns the frame's size in bytes.
uint32_t closeFrame(char* frame, uint32_t messageBytes);

} // namespace kernel

#endif // parigot_runtime_kernel_frame_h
