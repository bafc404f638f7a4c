/* explore-panel.h — a part of the Explore page that shows and changes its scene.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <adwaita.h>

#include "app/explore-scene.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_EXPLORE_PANEL (raqam_explore_panel_get_type ())
G_DECLARE_DERIVABLE_TYPE (RaqamExplorePanel, raqam_explore_panel, RAQAM, EXPLORE_PANEL, AdwBin)

struct _RaqamExplorePanelClass
{
  AdwBinClass parent_class;

  /* All may be NULL. The first comes once; the others only while the panel is on the
   * screen, and once when it comes there, so that what nobody sees is not drawn. */
  void (*start)         (RaqamExplorePanel *self, RaqamExploreScene *scene);
  void (*model_changed) (RaqamExplorePanel *self, RaqamExploreScene *scene);
  void (*changed)       (RaqamExplorePanel *self, RaqamExploreScene *scene);
};

/* Once, before the panel is shown. A reference is kept until it is disposed of. */
void raqam_explore_panel_set_scene (RaqamExplorePanel *self, RaqamExploreScene *scene);

/* Returns: (transfer none) (nullable) */
RaqamExploreScene *raqam_explore_panel_get_scene (RaqamExplorePanel *self);

G_END_DECLS
