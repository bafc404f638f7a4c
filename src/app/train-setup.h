/* train-setup.h — the fields that say what the next run is: recipe, data, device, schedule.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <adwaita.h>

#include "app/device-group.h"
#include "engine/run.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_TRAIN_SETUP (raqam_train_setup_get_type ())
G_DECLARE_FINAL_TYPE (RaqamTrainSetup, raqam_train_setup, RAQAM, TRAIN_SETUP, AdwBin)

/**
 * RaqamTrainSetup:
 *
 * Signal "data-changed": void (RaqamTrainSetup *, gpointer): other data, or none
 */

/* Returns: (transfer full): the recipe that is picked, with the fields' changes in
 * it; NULL with @error */
RaqamRecipe *raqam_train_setup_make_recipe (RaqamTrainSetup *self, GError **error);

/* Picks the recipe that is offered first, as it is. */
void raqam_train_setup_recommend (RaqamTrainSetup *self);

/* Returns: (transfer none): the picked recipe's name, or NULL */
const char *raqam_train_setup_get_recipe (RaqamTrainSetup *self);

/* Picks the recipe of this name; where there is none, nothing changes. */
void raqam_train_setup_set_recipe (RaqamTrainSetup *self, const char *name);

/* Returns: (transfer none): paths to train on, NULL-terminated; NULL when there are none */
const char *const *raqam_train_setup_get_data (RaqamTrainSetup *self);

/* @paths: (nullable): what the user wants to train on */
void raqam_train_setup_set_data (RaqamTrainSetup *self, const char *const *paths);

/**
 * raqam_train_setup_set_hoda:
 * @paths: (nullable): the Hoda files, train before test, used while nothing else is
 *   chosen: both by the thesis recipe, as the thesis did, else the first
 */
void raqam_train_setup_set_hoda (RaqamTrainSetup *self, const char *const *paths);

/* Returns: whether there is data, and all of it Hoda's */
gboolean raqam_train_setup_uses_hoda (RaqamTrainSetup *self);

/* @n: images in the data, or 0 while unknown */
void raqam_train_setup_set_n_images (RaqamTrainSetup *self, gsize n);

/* Returns: (transfer none): where the device is chosen */
RaqamDeviceGroup *raqam_train_setup_get_devices (RaqamTrainSetup *self);

/* Shows what @run was started with. */
void raqam_train_setup_show_run (RaqamTrainSetup *self, const RaqamRun *run);

/* Opens the dialog that asks for data files. */
void raqam_train_setup_choose_data (RaqamTrainSetup *self);

G_END_DECLS
