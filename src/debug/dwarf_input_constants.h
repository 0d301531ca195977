// Constants of DWARF that only its reader needs, beside those of dwarf_constants.h.

#ifndef parigot_debug_dwarf_input_constants_h
#define parigot_debug_dwarf_input_constants_h

#include "debug/dwarf_constants.h"

namespace parigot::debug::dw {

// Types of units: version 5, table 7.2.
constexpr uint8_t utCompile = 0x01, utType = 0x02, utPartial = 0x03, utSkeleton = 0x04, utSplitCompile = 0x05,
                  utSplitType = 0x06;

// Tags: version 5, table 7.3.
constexpr uint32_t tagArrayType = 0x01, tagClassType = 0x02, tagEnumerationType = 0x04, tagFormalParameter = 0x05,
                   tagImportedDeclaration = 0x08, tagPointerType = 0x0f, tagReferenceType = 0x10, tagStringType = 0x12,
                   tagStructureType = 0x13, tagSubroutineType = 0x15, tagTypedef = 0x16, tagUnionType = 0x17,
                   tagModule = 0x1e, tagPtrToMemberType = 0x1f, tagSetType = 0x20, tagBaseType = 0x24,
                   tagConstType = 0x26, tagPackedType = 0x2d, tagVariable = 0x34, tagVolatileType = 0x35,
                   tagRestrictType = 0x37, tagInterfaceType = 0x38, tagNamespace = 0x39, tagImportedModule = 0x3a,
                   tagUnspecifiedType = 0x3b, tagPartialUnit = 0x3c, tagRvalueReferenceType = 0x42,
                   tagTemplateAlias = 0x43, tagAtomicType = 0x47, tagCallSite = 0x48, tagCallSiteParameter = 0x49,
                   tagSkeletonUnit = 0x4a, tagImmutableType = 0x4b, tagGnuCallSite = 0x4109;

// Attributes: version 5, table 7.5. Those of split DWARF 4: GCC's wiki, page DebugFission. The linkage name before
// DWARF 4: LLVM's Dwarf.def.
constexpr uint32_t atSibling = 0x01, atLocation = 0x02, atFrameBase = 0x40, atConstValue = 0x1c, atDefaultValue = 0x1e,
                   atDataMemberLocation = 0x38, atDiscrList = 0x3d, atUseLocation = 0x4a, atVtableElemLocation = 0x4d,
                   atSpecification = 0x47, atStrOffsetsBase = 0x72, atAddrBase = 0x73, atRnglistsBase = 0x74,
                   atLoclistsBase = 0x8c, atDwoName = 0x76, atMipsLinkageName = 0x2007, atGnuDwoName = 0x2130,
                   atGnuDwoId = 0x2131, atGnuRangesBase = 0x2132, atGnuAddrBase = 0x2133;

// Forms: version 5, table 7.6. Those of GCC: its wiki, page DebugFission, and elfutils' dwarf.h. LLVM's: its Dwarf.def.
constexpr uint32_t formBlock2 = 0x03, formBlock4 = 0x04, formData8 = 0x07, formString = 0x08, formBlock = 0x09,
                   formBlock1 = 0x0a, formFlag = 0x0c, formSdata = 0x0d, formRefAddr = 0x10, formRef1 = 0x11,
                   formRef2 = 0x12, formRef8 = 0x14, formRefUdata = 0x15, formIndirect = 0x16, formExprloc = 0x18,
                   formStrx = 0x1a, formAddrx = 0x1b, formRefSup4 = 0x1c, formStrpSup = 0x1d, formData16 = 0x1e,
                   formLineStrp = 0x1f, formRefSig8 = 0x20, formImplicitConst = 0x21, formLoclistx = 0x22,
                   formRnglistx = 0x23, formRefSup8 = 0x24, formStrx1 = 0x25, formStrx2 = 0x26, formStrx3 = 0x27,
                   formStrx4 = 0x28, formAddrx1 = 0x29, formAddrx2 = 0x2a, formAddrx3 = 0x2b, formAddrx4 = 0x2c,
                   formGnuAddrIndex = 0x1f01, formGnuStrIndex = 0x1f02, formGnuRefAlt = 0x1f20, formGnuStrpAlt = 0x1f21,
                   formLlvmAddrxOffset = 0x2001;

// Line number programs: version 5, tables 7.25 to 7.27.
constexpr uint8_t lnsSetBasicBlock = 0x07, lnsConstAddPc = 0x08, lnsFixedAdvancePc = 0x09, lnsSetPrologueEnd = 0x0a,
                  lnsSetEpilogueBegin = 0x0b, lnsSetIsa = 0x0c;
constexpr uint8_t lneDefineFile = 0x03;
constexpr uint32_t lnctPath = 0x1, lnctDirectoryIndex = 0x2;

// Entries of range lists: version 5, table 7.30.
constexpr uint8_t rleEndOfList = 0x00, rleBaseAddressx = 0x01, rleStartxEndx = 0x02, rleStartxLength = 0x03,
                  rleOffsetPair = 0x04, rleBaseAddress = 0x05, rleStartEnd = 0x06, rleStartLength = 0x07;

// Entries of location lists: version 5, table 7.10.
constexpr uint8_t lleEndOfList = 0x00, lleBaseAddressx = 0x01, lleStartxEndx = 0x02, lleStartxLength = 0x03,
                  lleOffsetPair = 0x04, lleDefaultLocation = 0x05, lleBaseAddress = 0x06, lleStartEnd = 0x07,
                  lleStartLength = 0x08;

// Operations of expressions: version 5, table 7.9. That of wasm: the tool conventions' Debugging.md. GCC's: its wiki,
// page DebugFission.
constexpr uint8_t opAddr = 0x03, opDeref = 0x06, opConst1u = 0x08, opConst2u = 0x0a, opConst4u = 0x0c, opConst8u = 0x0e,
                  opConstu = 0x10, opConsts = 0x11, opDup = 0x12, opPick = 0x15, opRot = 0x17, opAbs = 0x19,
                  opMinus = 0x1c, opPlus = 0x22, opPlusUconst = 0x23, opShl = 0x24, opXor = 0x27, opEq = 0x29,
                  opNe = 0x2e, opLit0 = 0x30, opLit31 = 0x4f, opFbreg = 0x91, opPiece = 0x93, opDerefSize = 0x94,
                  opNop = 0x96, opBitPiece = 0x9d, opImplicitValue = 0x9e, opStackValue = 0x9f, opAddrx = 0xa1,
                  opWasmLocation = 0xed, opGnuAddrIndex = 0xfb;

} // namespace parigot::debug::dw

#endif // parigot_debug_dwarf_input_constants_h
