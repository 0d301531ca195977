// Reads one TOML table by a list of fields. The list defines both the keys that are
// allowed and those that are read.
//
//   TableReader reader(path, "[service.greet]", table);
//   reader.text("wasm", true, file).bytes("memory", region);
//   CHECK_ERR(reader.read());   // unknown keys, missing ones, wrong types

#ifndef parigot_world_table_reader_h
#define parigot_world_table_reader_h

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <toml++/toml.h>

#include "abi/call_abi.h"
#include "support/result.h"

namespace parigot {

class TableReader {
public:
  // `path` is the manifest's; `where` is the name of the table in messages.
  TableReader(const std::string& path, std::string where, const toml::table& table)
    : path(path), where(std::move(where)), table(table) {}

  using Setter = std::function<wasm::Result<>(const toml::node&)>;

  TableReader& field(std::string name, bool required, Setter set);
  TableReader& text(const std::string& name, bool required, std::string& out);
  TableReader& texts(const std::string& name, const std::function<void(std::vector<std::string>)>& set);
  TableReader& flag(const std::string& name, bool& out);
  // An integer that is not negative. `what` completes "must be ...".
  TableReader& count(const std::string& name, const std::string& what, std::optional<uint64_t>& out);
  // `capacity`: the size of a reply buffer, in bytes.
  TableReader& capacity(std::optional<uint32_t>& out);
  // A size in bytes, whole wasm pages.
  TableReader& bytes(std::string name, std::optional<uint64_t>& out);
  // Reads a value of `memory`: a size like the above, or "fit". An error says that `words` are possible, too.
  wasm::Result<>
  region(const toml::node& node, const std::string& words, std::optional<uint64_t>& bytes, bool& fit) const;
  TableReader& abi(const std::function<void(CallAbi)>& set);
  // "module.base"; the base begins after the last dot, since names of packages have
  // dots and those of functions do not.
  TableReader& import(std::string& module, std::string& base);

  // Reads as parigot's runner reads its deployment files: a key that is no field gets a warning, and keys match without
  // regard to case. Two spellings of one key are an error.
  TableReader& asRunner(std::vector<std::string>& warnings);

  // Reads all fields. A key that is none of them is an error.
  wasm::Result<> read();

  // What the table has under a key, in any spelling that `read` takes; nullptr: nothing.
  const toml::node* get(std::string_view name) const;

  // An error that begins with the manifest and the line of `node`.
  wasm::Err error(const toml::node& node, const std::string& message) const;

  // Checks that a service can have this name; an error has the line of `node`.
  wasm::Result<> checkServiceName(const toml::node& node, std::string_view name) const;

  // A path that the file gives, resolved against the file's folder.
  std::string resolve(const std::string& file) const;

private:
  wasm::Result<>
  size(const toml::node& node, const std::string& name, const std::string& words, std::optional<uint64_t>& out) const;

  struct Field {
    std::string name;
    bool required;
    Setter set;
  };
  const std::string& path;
  std::string where;
  const toml::table& table;
  std::vector<Field> fields;
  std::vector<std::string>* warnings = nullptr; // of asRunner

  bool matches(std::string_view key, std::string_view field) const;
  wasm::Result<> checkKeys() const;
};

// Whether two keys are equal if the case of ASCII letters is ignored.
bool equalFold(std::string_view a, std::string_view b);

// The keys of a table in the order of the file. toml++ sorts them, but users expect
// the order that they wrote.
std::vector<std::string> keysInFileOrder(const toml::table& table);

} // namespace parigot

#endif // parigot_world_table_reader_h
