function clamp(v: i32, low: i32, high: i32): i32 { return v < low ? low : v > high ? high : v; }
export function run(n: i32): i32 {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    sum += clamp(i * i, 1, 50);
  }
  return sum;
}
