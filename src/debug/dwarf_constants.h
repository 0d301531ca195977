// Constants of DWARF. Sources: DWARF Debugging Information Format, version 4, section 7, and version 5, section 7; the
// figure is named beside each group.

#ifndef parigot_debug_dwarf_constants_h
#define parigot_debug_dwarf_constants_h

#include <cstdint>

namespace parigot::debug::dw {

// Tags: version 4, figure 18.
constexpr uint32_t tagCompileUnit = 0x11, tagInlinedSubroutine = 0x1d, tagSubprogram = 0x2e;

// Attributes: version 4, figure 20.
constexpr uint32_t atName = 0x03, atStmtList = 0x10, atLowPc = 0x11, atHighPc = 0x12, atLanguage = 0x13,
                   atCompDir = 0x1b, atInline = 0x20, atProducer = 0x25, atAbstractOrigin = 0x31, atDeclFile = 0x3a,
                   atDeclLine = 0x3b, atExternal = 0x3f, atRanges = 0x55, atCallColumn = 0x57, atCallFile = 0x58,
                   atCallLine = 0x59, atLinkageName = 0x6e;

// Forms: version 4, figure 21.
constexpr uint32_t formAddr = 0x01, formData2 = 0x05, formData4 = 0x06, formData1 = 0x0b, formStrp = 0x0e,
                   formUdata = 0x0f, formRef4 = 0x13, formSecOffset = 0x17, formFlagPresent = 0x19;

// The value of DW_AT_inline for a function that was inlined: version 4, figure 31.
constexpr uint8_t inlInlined = 0x01;

// Line number programs: version 4, figures 37 and 38.
constexpr uint8_t lnsCopy = 0x01, lnsAdvancePc = 0x02, lnsAdvanceLine = 0x03, lnsSetFile = 0x04, lnsSetColumn = 0x05,
                  lnsNegateStmt = 0x06;
constexpr uint8_t lneEndSequence = 0x01, lneSetAddress = 0x02;

// Languages: version 4, figure 30, and for later ones the list of dwarfstd.org.
constexpr uint16_t langC99 = 0x0c, langGo = 0x16;

} // namespace parigot::debug::dw

#endif // parigot_debug_dwarf_constants_h
