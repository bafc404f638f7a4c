/* fiber.cc — a stack of its own to run on, left and entered again by hand.
 * SPDX-License-Identifier: MIT
 *
 * swapcontext() asks the kernel for the signal mask each time, which costs fifty
 * times as much as the switch itself: on x86-64 a few lines of assembler do.
 */

#include "fiber.h"

#include <cstddef>
#include <cstdint>

#include <sys/mman.h>
#include <unistd.h>

#ifdef RAQAM_SANITIZED_ADDRESS
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#define STACK_SIZE (256u << 10)
#else
#define STACK_SIZE (64u << 10)
#endif

#ifndef __x86_64__
#include <ucontext.h>
#endif

/* A stack that is left: a fiber's, or that of whoever entered one. */
struct Place
{
#ifdef __x86_64__
  void *top;
#else
  ucontext_t context;
#endif
#ifdef RAQAM_SANITIZED_ADDRESS
  void       *shadow;
  const void *stack;
  size_t      size;
#endif
};

struct RaqamFiber
{
  Place          place;
  char          *memory; /* a page that nobody may touch, then the stack */
  size_t         size;
  RaqamFiberMain main;
};

static RaqamFiber *running; /* NULL: outside */
static Place outside;

static void switch_stacks (Place *left, Place *entered);

#ifdef RAQAM_SANITIZED_ADDRESS

/* The address sanitizer wants to be told which stack is in use, and tells which was:
 * nobody else knows where the one outside begins. */
static Place *came_from;

static void
arrive (void *shadow)
{
  __sanitizer_finish_switch_fiber (shadow, &came_from->stack, &came_from->size);
}

static void
go (Place *left, Place *entered)
{
  came_from = left;
  __sanitizer_start_switch_fiber (&left->shadow, entered->stack, entered->size);
  switch_stacks (left, entered);
  arrive (left->shadow);
}

static void
start (void)
{
  arrive (nullptr);
  running->main ();
}

#else

static void
go (Place *left, Place *entered)
{
  switch_stacks (left, entered);
}

static void
start (void)
{
  running->main ();
}

#endif

#ifdef __x86_64__

/* Keeps what a function must keep (System V ABI, x86-64, 3.2.1) on the stack that it
 * leaves, and takes it from the one that it enters. */
extern "C" void raqam_fiber_switch (void **left, void *entered);
asm (".text\n"
     ".p2align 4\n"
     ".globl raqam_fiber_switch\n"
     ".hidden raqam_fiber_switch\n"
     ".type raqam_fiber_switch, @function\n"
     "raqam_fiber_switch:\n"
     "  pushq %rbp\n"
     "  pushq %rbx\n"
     "  pushq %r12\n"
     "  pushq %r13\n"
     "  pushq %r14\n"
     "  pushq %r15\n"
     "  movq %rsp, (%rdi)\n"
     "  movq %rsi, %rsp\n"
     "  popq %r15\n"
     "  popq %r14\n"
     "  popq %r13\n"
     "  popq %r12\n"
     "  popq %rbx\n"
     "  popq %rbp\n"
     "  ret\n"
     ".size raqam_fiber_switch, .-raqam_fiber_switch\n");

/* Six registers, then where to go; a function finds its stack 8 off a multiple of 16. */
static void
prepare (RaqamFiber *self)
{
  uintptr_t *top = reinterpret_cast<uintptr_t *> (self->memory + self->size) - 2;

  *top = reinterpret_cast<uintptr_t> (start);
  self->place.top = top - 6;
}

static void
switch_stacks (Place *left, Place *entered)
{
  raqam_fiber_switch (&left->top, entered->top);
}

#else

static void
prepare (RaqamFiber *self)
{
  getcontext (&self->place.context);
  self->place.context.uc_stack.ss_sp = self->memory + sysconf (_SC_PAGESIZE);
  self->place.context.uc_stack.ss_size = self->size - sysconf (_SC_PAGESIZE);
  self->place.context.uc_link = nullptr;
  makecontext (&self->place.context, start, 0);
}

static void
switch_stacks (Place *left, Place *entered)
{
  swapcontext (&left->context, &entered->context);
}

#endif

RaqamFiber *
raqam_fiber_new (RaqamFiberMain main)
{
  size_t page = sysconf (_SC_PAGESIZE);
  size_t size = STACK_SIZE + page;
  void *memory =
    mmap (nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  RaqamFiber *self;

  if (memory == MAP_FAILED)
    return nullptr;

  mprotect (memory, page, PROT_NONE);
  self = new RaqamFiber ();
  self->memory = static_cast<char *> (memory);
  self->size = size;
  self->main = main;
#ifdef RAQAM_SANITIZED_ADDRESS
  self->place.stack = self->memory + page;
  self->place.size = self->size - page;
#endif
  prepare (self);
  return self;
}

void
raqam_fiber_free (RaqamFiber *self)
{
#ifdef RAQAM_SANITIZED_ADDRESS
  __asan_unpoison_memory_region (self->memory, self->size);
#endif
  munmap (self->memory, self->size);
  delete self;
}

void
raqam_fiber_enter (RaqamFiber *self)
{
  running = self;
  go (&outside, &self->place);
}

void
raqam_fiber_leave (RaqamFiber *next)
{
  Place *left = &running->place;

  running = next;
  go (left, next != nullptr ? &next->place : &outside);
}
