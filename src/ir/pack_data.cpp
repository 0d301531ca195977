#include "ir/pack_data.h"

#include <algorithm>
#include <cstring>

#include "ir/data_segments.h"

namespace parigot {

namespace {

// With so many zeros between them, bytes are in different chunks. This is a page of memory: what engines commit.
constexpr uint64_t largestGap = 4096;

// What a segment takes in a binary besides its bytes: see data_segments.h.
constexpr uint64_t segmentHead = cheapestGap;

// What the call that expands a chunk takes in a binary: four constants, and the call.
constexpr uint64_t chunkCall = 24;

// Bytes that follow each other, with fewer than leastZeros zeros between them.
struct Run {
  uint64_t begin; // address
  size_t offset;  // in the bytes of all runs
  size_t size;
  uint64_t end() const { return begin + size; }
};

using Runs = std::vector<Run>;

uint64_t numberSize(uint64_t number) { return number <= mostShortNumber ? 1 : 5; }

uint64_t headSize(uint64_t gap, uint64_t size) { return numberSize(gap) + numberSize(size); }

class Packer {
public:
  PackedData pack(const std::vector<const wasm::DataSegment*>& segments) {
    for (auto* segment : segments) {
      auto begin = segment->offset->cast<wasm::Const>()->value.getUnsigned();
      addRuns(begin, segment->data);
      result.bytesBefore += segmentHead + segment->data.size();
    }
    for (size_t first = 0; first < runs.size();) {
      auto last = first;
      while (last + 1 < runs.size() && runs[last + 1].begin - runs[last].end() < largestGap) {
        last++;
      }
      addChunk(first, last);
      first = last + 1;
    }
    return std::move(result);
  }

private:
  Runs runs;
  std::vector<char> bytes; // of the runs
  PackedData result;

  void addRuns(uint64_t begin, const std::vector<char>& data) {
    for (size_t at = 0; at < data.size();) {
      if (data[at] == 0) {
        at++;
        continue;
      }
      auto end = at + 1;
      while (end < data.size() && data[end] != 0) {
        end++;
      }
      addBytes(begin + at, &data[at], end - at);
      at = end;
    }
  }

  void addBytes(uint64_t begin, const char* data, size_t size) {
    if (!runs.empty() && begin - runs.back().end() < leastZeros) {
      auto gap = begin - runs.back().end();
      bytes.resize(bytes.size() + gap);
      runs.back().size += gap + size;
    } else {
      runs.push_back({begin, bytes.size(), size});
    }
    bytes.insert(bytes.end(), data, data + size);
  }

  struct Record {
    size_t first, last; // runs
    uint64_t gap;
  };

  // The records of a chunk, the last first. None: the chunk cannot be expanded in place.
  std::vector<Record> recordsOf(size_t first, size_t last) const {
    std::vector<Record> records;
    uint64_t room = 0; // how much longer than the rest of the stream is what that stands for
    for (auto end = last, begin = last;; begin--) {
      auto gap = begin == first ? 0 : runs[begin].begin - runs[begin - 1].end();
      auto head = headSize(gap, runs[end].end() - runs[begin].begin);
      if (room + gap > head) {
        room += gap - head;
        records.push_back({begin, end, gap});
        end = begin - 1;
      } else if (begin == first) {
        return {};
      }
      if (begin == first) {
        return records;
      }
    }
  }

  void addChunk(size_t first, size_t last) {
    auto records = recordsOf(first, last);
    uint64_t size = 0;
    for (auto& record : records) {
      auto length = runs[record.last].end() - runs[record.first].begin;
      size += headSize(record.gap, length) + length;
    }
    auto plain = plainRuns(first, last);
    uint64_t plainSize = 0;
    for (auto& run : plain) {
      plainSize += segmentHead + run.bytes.size();
    }
    if (records.empty() || size + chunkCall >= plainSize) {
      result.bytesAfter += plainSize;
      std::move(plain.begin(), plain.end(), std::back_inserter(result.plain));
      return;
    }
    result.bytesAfter += size + chunkCall;
    auto offset = result.stream.size();
    for (auto record = records.rbegin(); record != records.rend(); ++record) {
      addRecord(*record);
    }
    result.chunks.push_back(
      {uint32_t(runs[first].begin), uint32_t(runs[last].end()), uint32_t(offset), uint32_t(size)});
  }

  void addRecord(const Record& record) {
    auto& stream = result.stream;
    addNumber(record.gap);
    addNumber(runs[record.last].end() - runs[record.first].begin);
    appendRuns(record.first, record.last, stream);
  }

  void addNumber(uint64_t number) {
    auto& stream = result.stream;
    if (number <= mostShortNumber) {
      stream.push_back(char(number));
      return;
    }
    stream.push_back(char(mostShortNumber + 1));
    for (int shift = 0; shift < 32; shift += 8) {
      stream.push_back(char(number >> shift));
    }
  }

  // Appends the bytes of runs, with the zeros between them.
  void appendRuns(size_t first, size_t last, std::vector<char>& to) const {
    for (auto i = first; i <= last; i++) {
      if (i > first) {
        to.resize(to.size() + (runs[i].begin - runs[i - 1].end()));
      }
      auto from = bytes.begin() + ptrdiff_t(runs[i].offset);
      to.insert(to.end(), from, from + ptrdiff_t(runs[i].size));
    }
  }

  // The same as active segments.
  std::vector<PlainRun> plainRuns(size_t first, size_t last) const {
    std::vector<PlainRun> plain;
    for (auto begin = first; begin <= last;) {
      auto end = begin;
      while (end < last && runs[end + 1].begin - runs[end].end() <= cheapestGap) {
        end++;
      }
      plain.push_back({uint32_t(runs[begin].begin), {}});
      appendRuns(begin, end, plain.back().bytes);
      begin = end + 1;
    }
    return plain;
  }
};

} // namespace

PackedData packData(const std::vector<const wasm::DataSegment*>& segments) { return Packer().pack(segments); }

} // namespace parigot
