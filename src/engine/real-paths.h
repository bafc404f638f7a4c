/* real-paths.h — which real digits a model is measured by.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/model.h"
#include "engine/run.h"

G_BEGIN_DECLS

/**
 * raqam_real_paths_complete:
 * @paths: (nullable): what a run was trained on
 *
 * A model is measured by digits that its judge did not learn from: where a run was
 * trained on the training part alone, the test part beside it is taken too. What is
 * not there any more is left out; where nothing is left, it is raqam_dataset_find_hoda().
 * Only names are looked at.
 *
 * Returns: (transfer full): paths for raqam_evaluation_data_load(); NULL where there are
 *   none. g_strfreev()
 */
char **raqam_real_paths_complete (char **paths);

/* The same for what the run that @model comes from was trained on; of another model
 * nothing is known. Reads the run's run.json. */
char **raqam_real_paths_of_model (const RaqamModel *model);

G_END_DECLS
