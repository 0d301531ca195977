#include "debug/entry_writer.h"

#include <algorithm>

#include "debug/dwarf_input_constants.h"
#include "debug/entry_attributes.h"
#include "debug/linkage_names.h"

namespace parigot::debug {

EntryWriter::EntryWriter(const Input& input,
                         uint32_t number,
                         const ServicePlaces& service,
                         const CodeMap& code,
                         const std::vector<Span>& bodies,
                         std::string_view bytes)
  : input(input), entries(*input.entries), number(number), service(service), code(code), bodies(bodies), bytes(bytes),
    selection(entries, number, service, code), rangeReader(entries.sections), listReader(entries.sections),
    functionsOfUnit(entries.units->all.size()), texts(16 * uint64_t(entries.sections.size())),
    places(entries.all.size(), 0), begins(entries.units->all.size(), 0) {
  for (uint32_t i = 0; i < entries.all.size(); i++) {
    if (auto body = selection.bodyOf(i); body != none) {
      auto unit = entries.all[i].unit;
      auto& span = bodies[code.bodyOf(number, body)];
      unitOfBody[code.bodyOf(number, body)] = unit;
      functionsOfUnit[unit].push_back({uint32_t(span.begin), uint32_t(span.end)});
    }
  }
}

bool EntryWriter::has(uint32_t unit) const {
  auto root = entries.rootOf(unit);
  return root != none && selection.hasChildren(root);
}

bool EntryWriter::describes(uint32_t unit, uint32_t worldBody) const {
  auto found = unitOfBody.find(worldBody);
  return found != unitOfBody.end() && found->second == unit;
}

void EntryWriter::write(uint32_t which,
                        size_t unitBegin,
                        EntrySections& sections,
                        const std::function<uint32_t(uint32_t)>& file) {
  unit = which;
  begins[unit] = unitBegin;
  out = &sections;
  fileNumber = &file;
  auto root = entries.rootOf(unit);
  auto end = entries.all[root].end;
  struct Level {
    uint32_t end;
    size_t functions, scopes;
  };
  std::vector<Level> open; // lists of siblings that an entry has opened, and where each ends
  auto closeAt = [&](uint32_t entry) {
    while (!open.empty() && open.back().end <= entry) {
      sections.info.u8(0);
      functions.resize(open.back().functions);
      scopes.closeTo(open.back().scopes);
      open.pop_back();
    }
  };
  for (auto entry = root + 1; entry < end;) {
    closeAt(entry);
    if (!selection.has(entry)) {
      entry = entries.all[entry].end;
      continue;
    }
    auto before = functions.size();
    if (entries.all[entry].tag == dw::tagSubprogram) {
      beginFunction(selection.bodyOf(entry));
    }
    writeEntry(entry);
    if (selection.hasChildren(entry)) {
      open.push_back({entries.all[entry].end, before, scopes.depth()});
      if (draft.code) {
        scopes.open(*draft.code);
      }
    } else {
      functions.resize(before);
    }
    entry++;
  }
  closeAt(end);
}

void EntryWriter::beginFunction(uint32_t body) {
  Function function;
  function.body = body;
  if (body != none) {
    auto& span = bodies[code.bodyOf(number, body)];
    auto& locals = input.locals[body];
    function.places.parameters = locals.parameters;
    function.places.before = locals.declared;
    function.places.hasBase = locals.hasBase.empty() ? nullptr : &locals.hasBase;
    function.places.after = declaredLocals(bytes.substr(span.begin, span.size()));
  }
  functions.push_back(std::move(function));
}

void EntryWriter::writeEntry(uint32_t index) {
  auto& entry = entries.all[index];
  draft = {};
  draft.abbreviation.uleb(entry.tag);
  draft.abbreviation.u8(selection.hasChildren(index));
  DieAttributes attributes;
  attributes.clear();
  DieCursor all(entries.unitOf(entry), entry.at);
  all.next();
  all.read(attributes);
  addCode(index, attributes);
  bool isNamed = addName(index, attributes);
  DieCursor each(entries.unitOf(entry), entry.at);
  each.next();
  each.visit([&](auto& spec, auto value) {
    if (!isReplaced(spec) && !(isNamed && spec.attribute == Attribute::LinkageName)) {
      addAttribute(entry, spec, value);
    }
  });
  draft.abbreviation.u16(0);
  places[index] = uint32_t(out->info.at());
  out->info.uleb(out->abbreviations.add(draft.abbreviation.bytes));
  auto begin = out->info.at();
  out->info.text(draft.values.bytes);
  for (auto& reference : draft.references) {
    references.push_back({begin + reference.at, reference.target, unit, reference.isLocal});
  }
}

void EntryWriter::form(uint32_t attribute, uint32_t form) {
  draft.abbreviation.uleb(attribute);
  draft.abbreviation.uleb(form);
}

void EntryWriter::addCode(uint32_t index, const DieAttributes& attributes) {
  auto* within = function();
  if (entries.all[index].tag == dw::tagSubprogram) {
    if (within) {
      auto& span = bodies[code.bodyOf(number, within->body)];
      draft.code = {{uint32_t(span.begin), uint32_t(span.end)}};
      addIntervals(*draft.code);
    }
    return;
  }
  auto isMissing = [&](Attribute attribute) { return attributes[attribute].kind == Kind::None; };
  if (!within || (isMissing(Attribute::LowPc) && isMissing(Attribute::Ranges))) {
    return;
  }
  std::vector<CodeInterval> intervals;
  for (auto& range : rangeReader.of(entries.unitOf(entries.all[index]), attributes)) {
    for (auto& interval : code.intervals(number, within->body, range.begin, range.end)) {
      intervals.push_back(interval);
    }
  }
  draft.code = scopes.take(joined(std::move(intervals)));
  addIntervals(*draft.code);
}

void EntryWriter::addIntervals(const std::vector<CodeInterval>& intervals) {
  if (intervals.size() == 1) {
    form(dw::atLowPc, dw::formAddr);
    draft.values.u32(intervals[0].begin);
    form(dw::atHighPc, dw::formData4);
    draft.values.u32(intervals[0].end - intervals[0].begin);
  } else if (!intervals.empty()) {
    form(dw::atRanges, dw::formSecOffset);
    draft.values.u32(uint32_t(out->ranges.at()));
    for (auto& interval : intervals) {
      out->ranges.u32(interval.begin);
      out->ranges.u32(interval.end);
    }
    out->ranges.fixed(0, 8);
  }
}

// A function has the name of its service in its linkage name, as in the rest of the world.
bool EntryWriter::addName(uint32_t index, const DieAttributes& attributes) {
  auto& entry = entries.all[index];
  if (entry.tag != dw::tagSubprogram) {
    return false;
  }
  auto known = entries.functionOf.find(entry.at);
  if (known == entries.functionOf.end() && function()) {
    auto origin = entries.unitOf(entry).reference(attributes[Attribute::AbstractOrigin]);
    known = origin ? entries.functionOf.find(*origin) : known;
  }
  if (known == entries.functionOf.end()) {
    return false;
  }
  auto name = displayName(input.lines.functions[known->second]);
  form(dw::atLinkageName, dw::formStrp);
  draft.values.u32(out->text(input.service.empty() ? name : input.service + "/" + name));
  return true;
}

// The offset of a text in the new .debug_str. A place of the old sections is read once.
uint32_t EntryWriter::text(const Entry& entry, const AttributeValue& value) {
  auto& own = entries.unitOf(entry);
  bool isIndexed = value.kind == Kind::StrIndex;
  auto place = isIndexed ? own.strOffsetsBase + value.number * own.format.offsetSize : value.number;
  auto read = [&] {
    auto text = own.text(value);
    return out->text(texts.take(text.size()) ? text : std::string_view());
  };
  if (value.kind == Kind::Text) {
    return read();
  }
  auto [known, isNew] = textPlaces.try_emplace({value.kind, place}, 0);
  if (isNew) {
    known->second = read();
  }
  return known->second;
}

void EntryWriter::addAttribute(const Entry& entry, const AttributeSpec& spec, const AttributeValue& value) {
  bool isVariable = entry.tag == dw::tagVariable || entry.tag == dw::tagFormalParameter;
  auto written = draft.values.at();
  bool isPlace = spec.name == dw::atLocation && isVariable && (function() || functions.empty());
  if (isLocationList(spec.name, value, entries.unitOf(entry))) {
    addLocationList(spec, value);
  } else {
    switch (value.kind) {
      case Kind::Constant:
        addConstant(spec, value);
        break;
      case Kind::Flag:
        form(spec.name, dw::formFlag);
        draft.values.u8(value.number != 0);
        break;
      case Kind::Text:
      case Kind::Str:
      case Kind::LineStr:
      case Kind::StrIndex:
        form(spec.name, dw::formStrp);
        draft.values.u32(text(entry, value));
        break;
      case Kind::UnitReference:
      case Kind::InfoReference:
        addReference(spec, value);
        break;
      case Kind::Block:
        addBlock(spec, value);
        break;
      default: // addresses, and places in sections that are not copied
        break;
    }
  }
  variables += isPlace;
  unplaced += isPlace && written == draft.values.at();
}

void EntryWriter::addConstant(const AttributeSpec& spec, const AttributeValue& value) {
  if (spec.attribute == Attribute::DeclFile || spec.attribute == Attribute::CallFile) {
    auto& files = entries.files[unit];
    auto file = value.number < files.size() ? files[value.number] : none;
    if (file != none) {
      form(spec.name, dw::formUdata);
      draft.values.uleb((*fileNumber)(file));
    }
    return;
  }
  switch (spec.form) {
    case dw::formData1:
    case dw::formData2:
    case dw::formData4:
    case dw::formData8:
      form(spec.name, spec.form);
      draft.values.fixed(value.number,
                         spec.form == dw::formData1   ? 1
                         : spec.form == dw::formData2 ? 2
                         : spec.form == dw::formData4 ? 4
                                                      : 8);
      break;
    case dw::formUdata:
      form(spec.name, dw::formUdata);
      draft.values.uleb(value.number);
      break;
    default:
      form(spec.name, dw::formSdata);
      draft.values.sleb(int64_t(value.number));
  }
}

void EntryWriter::addReference(const AttributeSpec& spec, const AttributeValue& value) {
  auto reference = entries.units->all[unit].reference(value);
  auto target = reference ? entries.find(*reference) : none;
  if (target == none || !selection.has(target) || entries.all[target].parent == none) {
    return;
  }
  bool isLocal = entries.all[target].unit == unit;
  form(spec.name, isLocal ? dw::formRef4 : dw::formRefAddr);
  draft.references.push_back({draft.values.at(), target, unit, isLocal});
  draft.values.u32(0);
}

void EntryWriter::addBlock(const AttributeSpec& spec, const AttributeValue& value) {
  if (isData(spec.name) || spec.form == dw::formData16) {
    form(spec.name, dw::formBlock);
    draft.values.uleb(value.text.size());
    draft.values.text(value.text);
    return;
  }
  auto expression = rewritten(value.text, spec.name);
  if (!expression) {
    return;
  }
  if (expression->late) {
    if (spec.name == dw::atLocation) {
      auto& body = input.bodies[function()->body];
      addPlaces(spec, {{body.begin, body.end, value.text}});
    }
    return;
  }
  if (spec.name == dw::atFrameBase && function()) {
    functions.back().places.hasFrame = true;
  }
  form(spec.name, dw::formExprloc);
  draft.values.uleb(expression->bytes.size());
  draft.values.text(expression->bytes);
}

std::optional<Rewritten> EntryWriter::rewritten(std::string_view expression, uint32_t attribute) const {
  auto* within = function();
  return rewrittenExpression(
    expression, entries.units->all[unit], useOf(attribute), service, within ? &within->places : nullptr);
}

void EntryWriter::addLocationList(const AttributeSpec& spec, const AttributeValue& value) {
  if (function() && spec.name == dw::atLocation) {
    addPlaces(spec, listReader.of(entries.units->all[unit], value));
  }
}

void EntryWriter::addPlaces(const AttributeSpec& spec, const std::vector<Located>& places) {
  auto body = function()->body;
  ByteWriter list;
  for (auto& located : places) {
    auto expression = rewritten(located.expression, spec.name);
    if (!expression || expression->bytes.size() > UINT16_MAX) {
      continue;
    }
    auto least = expression->late ? code.firstInstruction(number, body) : 0;
    for (auto& interval : code.intervals(number, body, located.begin, located.end)) {
      if (std::max(interval.begin, least) < interval.end) {
        list.u32(std::max(interval.begin, least));
        list.u32(interval.end);
        list.u16(uint16_t(expression->bytes.size()));
        list.text(expression->bytes);
      }
    }
  }
  if (list.at()) {
    form(spec.name, dw::formSecOffset);
    draft.values.u32(uint32_t(out->locations.at()));
    out->locations.text(list.bytes);
    out->locations.fixed(0, 8);
  }
}

void EntryWriter::finish(ByteWriter& info) {
  for (auto& reference : references) {
    auto place = places[reference.target];
    info.patch32(reference.at, reference.isLocal ? place - uint32_t(begins[reference.unit]) : place);
  }
}

} // namespace parigot::debug
