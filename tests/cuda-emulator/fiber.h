/* fiber.h — a stack of its own to run on, left and entered again by hand.
 * SPDX-License-Identifier: MIT */

#pragma once

struct RaqamFiber;

/* Never returns; calls raqam_fiber_leave() whenever there is nothing to do. */
typedef void (*RaqamFiberMain) (void);

/* Returns: NULL when there is no memory */
RaqamFiber *raqam_fiber_new (RaqamFiberMain main);

/* May be in the midst of something, which is then never finished. */
void raqam_fiber_free (RaqamFiber *self);

/* Runs @self until it leaves. Not from within a fiber. */
void raqam_fiber_enter (RaqamFiber *self);

/* From the fiber that runs to @next; NULL: back to whoever entered the first. */
void raqam_fiber_leave (RaqamFiber *next);
