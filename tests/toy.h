/* toy.h — a small data set and small recipes, quick enough to train in a test.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/dataset.h"
#include "engine/recipe.h"

G_BEGIN_DECLS

/* Returns: (transfer full): a new temporary folder */
char *toy_folder (void);

/* Removes the folder and all that is in it. */
void toy_remove (const char *folder);

/**
 * toy_write_data:
 * @n: images, of the classes 0 to 9 in turn: blocks of sizes of their own
 *
 * Returns: (transfer full): path of a .cdb file in @folder
 */
char *toy_write_data (const char *folder, int n);

/* Returns: (transfer full): the same as a data set */
RaqamDataset *toy_dataset (const char *folder, int n);

/**
 * toy_recipe:
 * @like: "fast" or "thesis": the same layers with few channels
 *
 * Returns: (transfer full): batches of 10, 3 epochs
 */
RaqamRecipe *toy_recipe (const char *like);

/* Writes a copy of the checkpoint @from whose first number of the tensor @name is @value. */
void toy_poison (const char *to, const char *from, const char *name, float value);

G_END_DECLS
