"""Trains the sample and exports its checkpoint.

    python3 train.py OUT [--steps N] [--stop N] [--workers N] [--resume]

OUT receives state.pt (to go on with --resume), master/ (the bfloat16 weights
as a checkpoint) and packed/ (the checkpoint in the format of
microsoft/bitnet-b1.58-2B-4T). Uses a GPU where there is one; otherwise one
single-threaded process per worker, which add up their gradients.
"""

import argparse
import os
import random
import sys
import time

import torch
import torch.distributed as dist
import torch.multiprocessing as multiprocessing
from torch.nn import functional

import export
import world
from dialogue import Encoder, answers_of
from network import Batch, Network, Shape

HERE = os.path.dirname(os.path.abspath(__file__))
USER_SHARE, USER_WEIGHT = 0.2, 0.5  # of the users' tokens, which, how much


def fill_rows(conversations, rows, length):
    """Packs encoded conversations into rows until a few do not fit."""
    packed, misses = [[] for _ in range(rows)], 0
    while misses < 4:
        ids, weights = next(conversations)
        row = next((r for r in packed
                    if sum(len(i) for i, _ in r) + len(ids) <= length), None)
        if row is None:
            misses += 1
        else:
            row.append((ids, weights))
    return packed


def to_tensors(packed, length, shape, device):
    """-> Batch, places with a loss, their targets, their weights."""
    ids, positions, owner, targets, weights = (
        torch.zeros(len(packed), length, dtype=dtype)
        for dtype in (torch.int64,) * 4 + (torch.float32,))
    for r, row in enumerate(packed):
        start = 0
        for i, (tokens, token_weights) in enumerate(row):
            end = start + len(tokens)
            ids[r, start:end] = torch.tensor(tokens)
            positions[r, start:end] = torch.arange(len(tokens))
            owner[r, start:end] = i + 1
            targets[r, start:end - 1] = torch.tensor(tokens[1:])
            weights[r, start:end - 1] = torch.tensor(token_weights[1:])
            start = end
    weights = weights.flatten()
    where = weights.nonzero()[:, 0]
    batch = Batch(*(t.to(device) for t in (ids, positions, owner)), shape)
    return (batch, where.to(device), targets.flatten()[where].to(device),
            weights[where].to(device))


class Trainer:
    def __init__(self, options, rank, workers, device):
        torch.manual_seed(options.seed)
        self.options, self.rank, self.workers = options, rank, workers
        self.device = device
        self.encoder = Encoder(options.tokenizer)
        self.shape = Shape()
        self.network = Network(self.shape).to(device)
        # Matrices decay in the first half; the rest never does.
        matrices, others = [], []
        for name, parameter in self.network.named_parameters():
            (matrices if name.endswith("_proj") else others).append(parameter)
        self.optimizer = torch.optim.AdamW(
            [{"params": matrices}, {"params": others, "weight_decay": 0.0}],
            betas=(0.9, 0.95), foreach=True)
        self.parameters = matrices + others
        self.step = 0
        self.held_out = self.encode_held_out()

    def encode_held_out(self):
        """This worker's share, in rows."""
        conversations = [self.encoder.conversation(c)
                         for c in world.held_out()[self.rank::self.workers]]
        length = max(len(ids) for ids, _ in conversations)
        return [to_tensors([[c] for c in conversations[i:i + 16]], length,
                           self.shape, self.device)
                for i in range(0, len(conversations), 16)]

    def schedule(self):
        """Learning rate and decay: linear, in two stages."""
        options = self.options
        progress = self.step / options.steps
        rate = options.rate * (1 - progress)
        if progress >= 0.5:
            rate *= 0.8
        rate *= min(1, (self.step + 1) / options.warm_up)
        matrices, others = self.optimizer.param_groups
        matrices["lr"] = others["lr"] = rate
        matrices["weight_decay"] = 0.1 if progress < 0.5 else 0.0

    def batch(self):
        """Depends on nothing but seed, step and worker."""
        options = self.options
        seed = f"{options.seed} {self.step} {self.rank}"
        rng = random.Random("weights " + seed)

        def encoded():
            for conversation in world.training(seed):
                ids, weights = self.encoder.conversation(conversation)
                if len(ids) <= options.length:
                    yield ids, [w or USER_WEIGHT
                                * (rng.random() < USER_SHARE)
                                for w in weights]
        packed = fill_rows(encoded(), options.rows // self.workers,
                           options.length)
        return to_tensors(packed, options.length, self.shape, self.device)

    def update(self):
        """One step -> loss"""
        batch, where, targets, weights = self.batch()
        self.schedule()
        logits = self.network(batch, where, torch.bfloat16)
        losses = functional.cross_entropy(logits, targets, reduction="none")
        loss = (losses * weights).sum() / weights.sum()
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        gradients = [p.grad for p in self.parameters]
        if self.workers > 1:
            flat = torch.cat([g.flatten() for g in gradients])
            dist.all_reduce(flat)
            flat /= self.workers
            start = 0
            for g in gradients:
                g.copy_(flat[start:start + g.numel()].view_as(g))
                start += g.numel()
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimizer.step()
        self.step += 1
        return float(loss)

    @torch.no_grad()
    def accuracy(self):
        """Share of held-out answers that are right to the last token, with
        the right answers as history."""
        right = total = 0
        for batch, where, targets, weights in self.held_out:
            logits = self.network(batch, where)
            hit = (logits.argmax(-1) == targets).cpu()
            for answer in answers_of(where.tolist()):
                right += bool(hit[answer].all())
                total += 1
        counts = torch.tensor([right, total])
        if self.workers > 1:
            dist.all_reduce(counts)
        return int(counts[0]), int(counts[1])

    def path(self, name):
        return os.path.join(self.options.out, name)

    def save(self, seconds):
        if self.rank:
            return
        state = {"network": self.network.state_dict(), "step": self.step,
                 "optimizer": self.optimizer.state_dict(), "seconds": seconds}
        torch.save(state, self.path("state.new"))
        os.replace(self.path("state.new"), self.path("state.pt"))

    def load(self):
        """-> seconds of training so far"""
        state = torch.load(self.path("state.pt"), map_location=self.device)
        self.network.load_state_dict(state["network"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.step = state["step"]
        return state["seconds"]


def train(trainer):
    options = trainer.options
    before = trainer.load() if options.resume else 0.0
    start, losses = time.time(), []
    stop = min(options.stop or options.steps, options.steps)
    while trainer.step < stop:
        losses.append(trainer.update())
        seconds = before + time.time() - start
        if trainer.step % 50 == 0 and trainer.rank == 0:
            print(f"step {trainer.step} loss {sum(losses) / len(losses):.4f} "
                  f"seconds {seconds:.0f}", flush=True)
            losses = []
        if trainer.step % options.evaluate == 0 or trainer.step == stop:
            right, total = trainer.accuracy()
            if trainer.rank == 0:
                print(f"step {trainer.step} held out {right} of {total} "
                      f"({right / total:.2%})", flush=True)
            trainer.save(seconds)
    if trainer.rank == 0 and trainer.step >= options.steps:
        for name, packed in (("master", False), ("packed", True)):
            export.write_checkpoint(trainer.path(name), trainer.network,
                                    options.tokenizer, packed)


def work(rank, options, workers):
    torch.set_num_threads(1)
    if workers > 1:
        dist.init_process_group(
            "gloo", rank=rank, world_size=workers,
            init_method="file://" + os.path.join(options.out, "meeting"))
    train(Trainer(options, rank, workers, torch.device("cpu")))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("out")
    parser.add_argument("--tokenizer", metavar="DIRECTORY",
                        default=os.path.join(HERE, "checkpoint"))
    parser.add_argument("--steps", type=int, default=2400, metavar="N",
                        help="until the learning rate is zero")
    parser.add_argument("--stop", type=int, metavar="N",
                        help="leave after N steps, to resume later")
    parser.add_argument("--rows", type=int, default=24, help="per step")
    parser.add_argument("--length", type=int, default=96,
                        help="tokens of a row")
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--warm-up", type=int, default=100)
    parser.add_argument("--evaluate", type=int, default=250, metavar="STEPS")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2,
                        help="processes, where there is no GPU")
    parser.add_argument("--resume", action="store_true")
    options = parser.parse_args()
    options.out = os.path.abspath(options.out)
    os.makedirs(options.out, exist_ok=True)
    if torch.cuda.is_available():
        train(Trainer(options, 0, 1, torch.device("cuda")))
        return
    meeting = os.path.join(options.out, "meeting")
    if os.path.exists(meeting):
        os.remove(meeting)
    os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
    multiprocessing.spawn(work, (options, options.workers),
                          nprocs=options.workers)


if __name__ == "__main__":
    sys.exit(main())
