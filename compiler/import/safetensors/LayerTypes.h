//===- LayerTypes.h - Which layers see a window, from config.json ---------===//
#pragma once

#include "compiler/import/model/LocalLayers.h"
#include "compiler/import/safetensors/Family.h"
#include "compiler/support/JsonFields.h"

namespace tritc::import {

/// Reads which layers are local, and their window, from config.json: its list
/// layer_types or, in its absence, the rule of the family. Of a family whose
/// layers all see everything, a window that would matter is refused.
void readLocalLayers(JsonFields &fields, const Family &family,
                     uint32_t layerCount, uint32_t contextSize,
                     LocalLayers &local);

} // namespace tritc::import
