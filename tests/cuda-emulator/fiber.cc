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

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#define STACK_SIZE (256u << 10)
#else
#define STACK_SIZE (64u << 10)
#endif

#ifndef __x86_64__
#include <ucontext.h>
#endif

struct RaqamFiber
{
  char          *memory; /* a page that nobody may touch, then the stack */
  size_t         size;
  RaqamFiberMain main;
#ifdef __x86_64__
  void *top;    /* of its stack, while it does not run */
  void *caller; /* of its caller's, while it runs */
#else
  ucontext_t context, caller;
#endif
#ifdef __SANITIZE_ADDRESS__
  void       *shadow, *caller_shadow;
  const void *caller_stack;
  size_t      caller_size;
#endif
};

static RaqamFiber *running;

/* To and from a fiber, as the address sanitizer wants to be told. */

static void
before_enter (RaqamFiber *self)
{
#ifdef __SANITIZE_ADDRESS__
  size_t page = sysconf (_SC_PAGESIZE);

  __sanitizer_start_switch_fiber (&self->caller_shadow, self->memory + page, self->size - page);
#else
  (void) self;
#endif
}

static void
after_enter (RaqamFiber *self)
{
#ifdef __SANITIZE_ADDRESS__
  __sanitizer_finish_switch_fiber (self->shadow, &self->caller_stack, &self->caller_size);
#else
  (void) self;
#endif
}

static void
before_leave (RaqamFiber *self)
{
#ifdef __SANITIZE_ADDRESS__
  __sanitizer_start_switch_fiber (&self->shadow, self->caller_stack, self->caller_size);
#else
  (void) self;
#endif
}

static void
after_leave (RaqamFiber *self)
{
#ifdef __SANITIZE_ADDRESS__
  __sanitizer_finish_switch_fiber (self->caller_shadow, nullptr, nullptr);
#else
  (void) self;
#endif
}

static void
start (void)
{
  RaqamFiber *self = running;

  after_enter (self);
  self->main ();
}

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
  self->top = top - 6;
}

static void
switch_to (RaqamFiber *self)
{
  raqam_fiber_switch (&self->caller, self->top);
}

static void
switch_back (RaqamFiber *self)
{
  raqam_fiber_switch (&self->top, self->caller);
}

#else

static void
prepare (RaqamFiber *self)
{
  getcontext (&self->context);
  self->context.uc_stack.ss_sp = self->memory + sysconf (_SC_PAGESIZE);
  self->context.uc_stack.ss_size = self->size - sysconf (_SC_PAGESIZE);
  self->context.uc_link = nullptr;
  makecontext (&self->context, start, 0);
}

static void
switch_to (RaqamFiber *self)
{
  swapcontext (&self->caller, &self->context);
}

static void
switch_back (RaqamFiber *self)
{
  swapcontext (&self->context, &self->caller);
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
  prepare (self);
  return self;
}

void
raqam_fiber_free (RaqamFiber *self)
{
#ifdef __SANITIZE_ADDRESS__
  __asan_unpoison_memory_region (self->memory, self->size);
#endif
  munmap (self->memory, self->size);
  delete self;
}

void
raqam_fiber_enter (RaqamFiber *self)
{
  running = self;
  before_enter (self);
  switch_to (self);
  after_leave (self);
  running = nullptr;
}

void
raqam_fiber_leave (void)
{
  RaqamFiber *self = running;

  before_leave (self);
  switch_back (self);
  after_enter (self);
}
