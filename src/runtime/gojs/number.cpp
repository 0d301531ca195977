#include "number.h"

namespace gojs {

namespace {

// A natural number of up to 1,280 bits. The smallest double, scaled by 20 digits, takes that many.
class Natural {
public:
  explicit Natural(uint64_t n) {
    words[0] = uint32_t(n);
    words[1] = uint32_t(n >> 32);
  }
  void multiply(uint32_t factor) {
    uint64_t carry = 0;
    for (auto& word : words) {
      carry += uint64_t(word) * factor;
      word = uint32_t(carry);
      carry >>= 32;
    }
  }
  void shift(uint32_t bits) {
    for (; bits >= 31; bits -= 31) {
      multiply(uint32_t(1) << 31);
    }
    multiply(uint32_t(1) << bits);
  }
  void add(const Natural& other) {
    uint64_t carry = 0;
    for (uint32_t i = 0; i < size; i++) {
      carry += uint64_t(words[i]) + other.words[i];
      words[i] = uint32_t(carry);
      carry >>= 32;
    }
  }
  void subtract(const Natural& other) {
    int64_t carry = 0;
    for (uint32_t i = 0; i < size; i++) {
      carry += int64_t(words[i]) - other.words[i];
      words[i] = uint32_t(carry);
      carry >>= 32;
    }
  }
  int compare(const Natural& other) const {
    for (uint32_t i = size; i-- > 0;) {
      if (words[i] != other.words[i]) {
        return words[i] < other.words[i] ? -1 : 1;
      }
    }
    return 0;
  }

private:
  static constexpr uint32_t size = 40;
  uint32_t words[size] = {};
};

struct Digits {
  char digits[24];
  int32_t count = 0;
  int32_t point = 0; // the number is 0.digits times 10 to the power of `point`
};

// Steele and White's free-format algorithm, in the form of Burger and Dybvig ("Printing Floating-Point Numbers Quickly
// and Accurately", 1996). It is exact and slow, for numbers that are printed one at a time. The number is r / s. Half
// of the distances to its neighbours are below / s and above / s.
Digits shortest(double number) {
  uint64_t bits;
  memcpy(&bits, &number, sizeof bits);
  uint64_t fraction = bits & ((uint64_t(1) << 52) - 1);
  auto biased = int32_t(bits >> 52 & 0x7FF);
  int32_t exponent = (biased ? biased : 1) - 1075;
  bool nearerBelow = fraction == 0 && biased > 1;
  if (biased) {
    fraction |= uint64_t(1) << 52;
  }
  bool even = fraction % 2 == 0;

  Natural r(fraction), s(1), above(1), below(1);
  uint32_t up = exponent > 0 ? uint32_t(exponent) : 0;
  uint32_t down = exponent < 0 ? uint32_t(-exponent) : 0;
  r.shift(up + 1 + nearerBelow);
  s.shift(down + 1 + nearerBelow);
  above.shift(up + nearerBelow);
  below.shift(up);

  // An estimate of the power of ten above the number. It is exact, or one too low.
  int32_t log2 = exponent + 63 - __builtin_clzll(fraction);
  double estimate = log2 * 0.30102999566398120 - 1e-10;
  auto power = int32_t(estimate);
  power += estimate > power;
  for (int32_t i = 0; i < power; i++) {
    s.multiply(10);
  }
  for (int32_t i = power; i < 0; i++) {
    r.multiply(10);
    above.multiply(10);
    below.multiply(10);
  }
  auto reachesOne = [&] {
    Natural end = r;
    end.add(above);
    int order = end.compare(s);
    return even ? order >= 0 : order > 0;
  };
  Digits result;
  result.point = power;
  if (reachesOne()) {
    result.point++;
  } else {
    r.multiply(10);
    above.multiply(10);
    below.multiply(10);
  }
  while (true) {
    char digit = '0';
    while (r.compare(s) >= 0) {
      r.subtract(s);
      digit++;
    }
    int order = r.compare(below);
    bool low = even ? order <= 0 : order < 0;
    bool high = reachesOne();
    if (low || high) {
      if (low && high) {
        // Both digits read back as the number. Takes the nearer one, or the even one if both are as near.
        r.multiply(2);
        int half = r.compare(s);
        high = half > 0 || (half == 0 && digit % 2 != 0);
      }
      result.digits[result.count++] = char(digit + high);
      return result;
    }
    result.digits[result.count++] = digit;
    r.multiply(10);
    above.multiply(10);
    below.multiply(10);
  }
}

void appendZeros(Characters& to, int32_t count) {
  for (int32_t i = 0; i < count; i++) {
    to << '0';
  }
}

// Compares m times 2 to the power of q with d times 10 to the power of e.
int compareScaled(uint64_t m, int32_t q, uint64_t d, int32_t e) {
  Natural left(m), right(d);
  (q > 0 ? left : right).shift(uint32_t(q > 0 ? q : -q));
  for (int32_t i = 0; i < (e > 0 ? e : -e); i++) {
    (e > 0 ? right : left).multiply(10);
  }
  return left.compare(right);
}

// Takes the bits of a double apart: the number is m times 2 to the power of q.
void split(uint64_t bits, uint64_t& m, int32_t& q) {
  auto biased = int32_t(bits >> 52);
  m = (bits & ((uint64_t(1) << 52) - 1)) | (biased ? uint64_t(1) << 52 : 0);
  q = (biased ? biased : 1) - 1075;
}

} // namespace

// Searches all doubles for the largest one that is not above the decimal number. The order of their bits is that of the
// numbers.
double nearestNumber(uint64_t digits, int64_t exponent, bool more) {
  constexpr int64_t exactTens = 22; // powers of ten that a double holds exactly
  if (digits < uint64_t(1) << 53 && exponent >= -exactTens && exponent <= exactTens && !more) {
    double scale = 1;
    for (int64_t i = 0; i < (exponent < 0 ? -exponent : exponent); i++) {
      scale *= 10;
    }
    return exponent < 0 ? double(digits) / scale : double(digits) * scale;
  }
  if (digits == 0 || exponent < -345) {
    return 0;
  }
  if (exponent > 310) {
    return __builtin_inf();
  }
  constexpr uint64_t infinity = uint64_t(0x7FF) << 52;
  uint64_t below = 0, above = infinity, m;
  int32_t q;
  while (above - below > 1) {
    uint64_t middle = below + (above - below) / 2;
    split(middle, m, q);
    (compareScaled(m, q, digits, int32_t(exponent)) <= 0 ? below : above) = middle;
  }
  split(below, m, q);
  int order = compareScaled(2 * m + 1, q - 1, digits, int32_t(exponent));
  below += order < 0 || (order == 0 && (more || m % 2));
  double result;
  memcpy(&result, &below, sizeof result);
  return result;
}

void appendNumber(Characters& to, double number) {
  if (number != number) {
    to << "NaN";
    return;
  }
  if (number < 0) {
    to << '-';
    number = -number;
  }
  if (number == 0) {
    to << '0';
    return;
  }
  if (number > 1.7976931348623157e308) {
    to << "Infinity";
    return;
  }
  Digits digits = shortest(number);
  Text all{digits.digits, uint32_t(digits.count)};
  int32_t point = digits.point;
  if (point > 21 || point <= -6) {
    to << all[0];
    if (all.size > 1) {
      to << '.' << all.from(1);
    }
    int32_t power = point - 1;
    to << (power < 0 ? Text("e-") : Text("e+"));
    appendNumber(to, power < 0 ? -power : power);
    return;
  }
  if (point <= 0) {
    to << "0.";
    appendZeros(to, -point);
    to << all;
    return;
  }
  if (point >= digits.count) {
    to << all;
    appendZeros(to, point - digits.count);
    return;
  }
  to << Text{all.data, uint32_t(point)} << '.' << all.from(uint32_t(point));
}

} // namespace gojs
