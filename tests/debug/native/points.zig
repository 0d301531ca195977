const std = @import("std");
fn clamp(v: i32, low: i32, high: i32) i32 { if (v < low) return low; return if (v > high) high else v; }
const Point = struct { x: i32, y: i32, fn norm(self: Point) i32 { return clamp(self.x * self.x + self.y * self.y, 0, 500); } };
export fn run(n: i32) i32 {
    var sum: i32 = 0;
    var i: i32 = 0;
    while (i < n) : (i += 1) { sum += (Point{ .x = i, .y = n }).norm(); }
    return sum;
}
pub fn main() void { std.debug.print("{d}\n", .{run(3)}); }
