// Reads [[reply]] tables: world/stand_in.h.

#ifndef parigot_world_replies_h
#define parigot_world_replies_h

#include <string>
#include <vector>

#include <toml++/toml.h>

#include "support/message_types.h"
#include "support/result.h"
#include "world/stand_in.h"
#include "world/table_reader.h"

namespace parigot {

struct ServiceReply {
  std::string service;
  CannedReply reply;
  std::string recording; // the file that it is from; empty: none
};

class ReplyReader {
public:
  // The files of descriptors are read when a reply has `json`.
  explicit ReplyReader(std::vector<std::string> descriptors) : descriptors(std::move(descriptors)) {}

  // Reads the replies of a manifest. An error names the file and the line.
  wasm::Result<> read(const toml::table& root, const std::string& path);
  // Reads a file that has nothing but replies.
  wasm::Result<> readFile(const std::string& path);

  const std::vector<ServiceReply>& all() const { return replies; }
  // The files that were read, for dependencies.
  const std::vector<std::string>& inputs() const { return files; }

private:
  std::vector<std::string> descriptors;
  bool typesAreRead = false;
  MessageTypes types;
  std::vector<ServiceReply> replies;
  std::vector<std::string> files;

  wasm::Result<> readOne(const toml::table& table, const std::string& path);
  wasm::Result<std::string> contents(const TableReader& reader, const toml::table& table, const std::string& type);
  wasm::Result<std::string> readInput(const std::string& path);
  wasm::Result<> readTypes();
};

// The bytes that pairs of hexadecimal digits stand for; white space between pairs is ignored. No value: there is
// something else.
std::optional<std::string> parseHex(std::string_view text);

} // namespace parigot

#endif // parigot_world_replies_h
