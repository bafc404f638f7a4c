/* train-welcome.h — what the page that trains shows while there is no run.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define RAQAM_TYPE_TRAIN_WELCOME (raqam_train_welcome_get_type ())
G_DECLARE_FINAL_TYPE (RaqamTrainWelcome, raqam_train_welcome, RAQAM, TRAIN_WELCOME, AdwBin)

/**
 * raqam_train_welcome_show:
 * @offer: (nullable): the words on the button that resumes a run; NULL where there is none
 * @has_data: whether there is data to train on
 * @hoda: whether all of it is Hoda's
 */
void raqam_train_welcome_show (RaqamTrainWelcome *self, const char *offer, gboolean has_data,
                               gboolean hoda);

G_END_DECLS
