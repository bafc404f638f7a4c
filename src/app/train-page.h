/* train-page.h — the page that trains: fields at the side, the run beside them.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <adwaita.h>

#include "app/device-group.h"
#include "app/survey.h"
#include "engine/engine.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_TRAIN_PAGE (raqam_train_page_get_type ())
G_DECLARE_FINAL_TYPE (RaqamTrainPage, raqam_train_page, RAQAM, TRAIN_PAGE, AdwBin)

/**
 * RaqamTrainPage:
 *
 * Properties, all read-only and notifying:
 * "run-name": the shown run's name, or ""
 * "folded": whether the side with the fields is folded away
 * Property "reveal-fields" (read and write): whether the folded fields are shown
 *
 * Signal "problem": void (RaqamTrainPage *, const char *message, gpointer)
 * Signal "gpu-failed": void (RaqamTrainPage *, const char *message, gpointer): a run ended
 *   because of the GPU; raqam_train_page_go_on_with_cpu() goes on with it
 * Signal "started": void (RaqamTrainPage *, gpointer): a run begins
 *
 * Its actions (start, resume, pause, stop, new, choose-data, recommend) are for the
 * window's group "train".
 */

/* Once, before the page is used. */
void raqam_train_page_set_engine (RaqamTrainPage *self, RaqamEngine *engine);

GActionGroup *raqam_train_page_get_actions (RaqamTrainPage *self);

/* Offers what was found: a run to resume, data to train on. */
void raqam_train_page_set_survey (RaqamTrainPage *self, const RaqamSurvey *survey);

/* Picks the recipe of this name; where there is none, nothing changes. */
void raqam_train_page_set_recipe (RaqamTrainPage *self, const char *name);

/* Returns: (transfer none): the picked recipe's name, or NULL */
const char *raqam_train_page_get_recipe (RaqamTrainPage *self);

/* @paths: to train on, chosen by the user */
void raqam_train_page_set_data (RaqamTrainPage *self, const char *const *paths);

/* Returns: (transfer none): what the user chose; NULL for nothing or for what is found anyway */
const char *const *raqam_train_page_get_chosen (RaqamTrainPage *self);

/* Returns: (transfer none): where the device is chosen */
RaqamDeviceGroup *raqam_train_page_get_devices (RaqamTrainPage *self);

/* Goes on from the last checkpoint of the run that "gpu-failed" told of, or begins it
 * anew where there is none. What is chosen for other runs stays as it is. */
void raqam_train_page_go_on_with_cpu (RaqamTrainPage *self);

G_END_DECLS
