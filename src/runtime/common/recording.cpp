#include "recording.h"

#include "fail.h"
#include "wasi.h"

namespace runtime {

namespace {

void hex(Characters& to, Text bytes) {
  static const char digits[] = "0123456789abcdef";
  char* at = to.extend(bytes.size * 2);
  for (uint32_t i = 0; i < bytes.size; i++) {
    *at++ = digits[uint8_t(bytes[i]) >> 4];
    *at++ = digits[uint8_t(bytes[i]) & 15];
  }
}

void number(Characters& to, uint64_t value) {
  char digits[20];
  uint32_t at = sizeof digits;
  do {
    digits[--at] = char('0' + value % 10);
    value /= 10;
  } while (value);
  to << Text{digits + at, uint32_t(sizeof digits) - at};
}

// A string of JSON.
void quote(Characters& to, Text text) {
  to << '"';
  for (uint32_t i = 0; i < text.size; i++) {
    if (uint8_t(text[i]) < ' ') {
      char c = text[i];
      to << "\\u00";
      hex(to, {&c, 1});
      continue;
    }
    if (text[i] == '"' || text[i] == '\\') {
      to << '\\';
    }
    to << text[i];
  }
  to << '"';
}

} // namespace

void Recording::add(const RecordedCall& call) {
  if (!file) {
    open();
  }
  Characters line;
  line << "{\"method\":";
  quote(line, call.method);
  line << ",\"request\":\"";
  hex(line, call.request);
  line << "\",\"reply\":\"";
  hex(line, call.reply);
  line << "\"";
  if (call.type.size) {
    line << ",\"type\":";
    quote(line, call.type);
  }
  line << ",\"error\":";
  number(line, call.error);
  line << ",\"nanoseconds\":";
  number(line, call.nanoseconds);
  write(line);
}

// Writes the head of the file, too.
void Recording::open() {
  Characters ended;
  ended << path << '\0';
  __wasi_prestat_t stat;
  for (__wasi_fd_t folder = 3; __wasi_fd_prestat_get(folder, &stat) == 0; folder++) {
    __wasi_fd_t opened;
    if (__wasi_path_open(
          folder, 0, ended.begin(), __WASI_OFLAGS_CREAT | __WASI_OFLAGS_TRUNC, __WASI_RIGHTS_FD_WRITE, 0, 0, &opened) ==
        0) {
      file = opened;
      Characters line;
      line << "{\"parigot-recording\":1,\"service\":";
      quote(line, service);
      write(line);
      return;
    }
  }
  fail("no folder that the host opens for the world has room for a file ", path);
}

// Ends the line with the CRC-32 of what is in front (RFC 1952, section 8).
void Recording::write(Characters& line) {
  uint32_t crc = ~0u;
  for (char byte : line) {
    crc ^= uint8_t(byte);
    for (int i = 0; i < 8; i++) {
      crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
    }
  }
  crc = ~crc;
  char big[] = {char(crc >> 24), char(crc >> 16), char(crc >> 8), char(crc)};
  line << ",\"check\":\"";
  hex(line, {big, sizeof big});
  line << "\"}\n";
  writeAll(file, line);
}

} // namespace runtime
