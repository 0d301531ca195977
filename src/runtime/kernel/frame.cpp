#include "frame.h"

namespace kernel {

namespace {

constexpr uint64_t magic = 0x1789071417760704;
constexpr uint32_t polynomial = 0xeb31d82e;

// The table of a CRC that takes four bits at a time.
struct CrcTable {
  uint32_t of[16];
  constexpr CrcTable() : of() {
    for (uint32_t i = 0; i < 16; i++) {
      uint32_t crc = i;
      for (int bit = 0; bit < 4; bit++) {
        crc = crc & 1 ? crc >> 1 ^ polynomial : crc >> 1;
      }
      of[i] = crc;
    }
  }
};
constexpr CrcTable table;

} // namespace

uint32_t crcKoopman(Text bytes) {
  uint32_t crc = UINT32_MAX;
  for (uint32_t i = 0; i < bytes.size; i++) {
    crc ^= uint8_t(bytes[i]);
    crc = table.of[crc & 15] ^ crc >> 4;
    crc = table.of[crc & 15] ^ crc >> 4;
  }
  return ~crc;
}

bool openFrame(Text frame, Text& message) {
  uint64_t start;
  uint32_t length, crc;
  if (frame.size < frameHeaderBytes + frameTrailerBytes) {
    return false;
  }
  memcpy(&start, frame.data, 8);
  memcpy(&length, frame.data + 8, 4);
  if (start != magic || length != frame.size - frameHeaderBytes - frameTrailerBytes || length >= readBufferBytes) {
    return false;
  }
  message = {frame.data + frameHeaderBytes, length};
  memcpy(&crc, message.data + length, 4);
  return crc == crcKoopman(message);
}

uint32_t closeFrame(char* frame, uint32_t messageBytes) {
  memcpy(frame, &magic, 8);
  memcpy(frame + 8, &messageBytes, 4);
  char* message = frame + frameHeaderBytes;
  uint32_t crc = crcKoopman({message, messageBytes});
  memcpy(message + messageBytes, &crc, 4);
  return frameHeaderBytes + messageBytes + frameTrailerBytes;
}

} // namespace kernel
