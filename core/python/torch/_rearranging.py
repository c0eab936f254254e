"""The same numbers in other places: parts, repetitions, other orders."""

from torch._call import text
from torch._handle import Handle, dimension
from torch._sorting import search_sorted


def sequence(value):
    """One number, or several, as a list."""
    return list(value) if isinstance(value, (tuple, list)) else [value]


def one_sequence(values):
    """Numbers given one by one, or as one sequence."""
    return list(values[0]) if len(values) == 1 and isinstance(values[0], (tuple, list)) else list(values)


def at(dim, item):
    """An index that takes `item` of one dimension, and everything of those before it."""
    return (slice(None),) * dim + (item,)


class Rearranging:
    __slots__ = ()

    # Parts

    def select(self, dim, index):
        return self[at(dimension(dim, self.ndim), index)]

    def narrow(self, dim, start, length):
        along = dimension(dim, self.ndim)
        size = self.shape[along]
        start = int(start)
        first = start + size if start < 0 else start
        if length < 0 or first + length > size:
            raise RuntimeError(f"start ({start}) + length ({length}) exceeds dimension size ({size}).")
        return self[at(along, slice(first, first + length))]

    def unbind(self, dim=0):
        if self.ndim == 0:
            raise IndexError("Dimension specified as 0 but tensor has no dimensions")
        along = dimension(dim, self.ndim)
        return tuple(self.select(along, position) for position in range(self.shape[along]))

    def split(self, split_size, dim=0):
        along = dimension(dim, self.ndim)
        size = self.shape[along]
        if isinstance(split_size, (tuple, list)):
            if sum(split_size) != size:
                raise RuntimeError(
                    f"split_with_sizes expects split_sizes to sum exactly to {size} (input tensor's size at dimension "
                    f"{along}), but got split_sizes={list(split_size)}"
                )
            sizes = split_size
        else:
            if split_size < 1:
                raise RuntimeError(f"split expects split_size be non-negative, but got split_size={split_size}")
            sizes = [min(split_size, size - start) for start in range(0, size, split_size)] or [0]
        starts = [sum(sizes[:position]) for position in range(len(sizes))]
        return tuple(self.narrow(along, start, length) for start, length in zip(starts, sizes))

    def chunk(self, chunks, dim=0):
        if chunks < 1:
            raise RuntimeError(f"chunk expects `chunks` to be greater than 0, got: {chunks}")
        size = self.shape[dimension(dim, self.ndim)]
        return self.split(max(1, -(-size // chunks)), dim)

    # Other orders

    def movedim(self, source, destination):
        sources = [dimension(dim, self.ndim) for dim in sequence(source)]
        destinations = [dimension(dim, self.ndim) for dim in sequence(destination)]
        if len(sources) != len(destinations):
            raise RuntimeError(
                f"movedim: Invalid source or destination dims: source ({sequence(source)} dims) should contain the same "
                f"number of dims as destination ({sequence(destination)} dims)"
            )
        if self.ndim == 0:
            return self
        order = [dim for dim in range(self.ndim) if dim not in sources]
        for own, other in sorted(zip(destinations, sources)):
            order.insert(own, other)
        return self.permute(order)

    moveaxis = movedim

    def flip(self, *dims):
        flipped = self.clone()
        for dim in one_sequence(dims):
            along = dimension(dim, self.ndim)
            flipped = flipped[at(along, range(self.shape[along] - 1, -1, -1))] if self.ndim else flipped
        return flipped

    def fliplr(self):
        return self.flip(1)

    def flipud(self):
        return self.flip(0)

    def roll(self, shifts, dims=None):
        if dims is None:
            return self.reshape(-1).roll(shifts, 0).reshape(self.shape)
        if len(sequence(shifts)) != len(sequence(dims)):
            raise RuntimeError(
                f"shifts and dimensions must align. shifts: {len(sequence(shifts))}, dims:{len(sequence(dims))}"
            )
        rolled = self.clone()
        for shift, dim in zip(sequence(shifts), sequence(dims)):
            along = dimension(dim, self.ndim)
            size = self.shape[along]
            if size:
                rolled = rolled[at(along, range(-(shift % size), size - shift % size))]
        return rolled

    def diff(self, n=1, dim=-1):
        along = dimension(dim, self.ndim)
        difference = self
        for _ in range(n):
            size = difference.shape[along]
            if size == 0:
                break
            difference = difference.narrow(along, 1, size - 1) - difference.narrow(along, 0, size - 1)
        return difference

    # Repetitions

    def repeat(self, *repeats):
        counts = one_sequence(repeats)
        if len(counts) < self.ndim:
            raise RuntimeError(
                "Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor"
            )
        shape = (1,) * (len(counts) - self.ndim) + tuple(self.shape)
        apart = self.reshape([part for size in shape for part in (1, size)])
        repeated = apart.expand([part for count, size in zip(counts, shape) for part in (count, size)])
        return repeated.clone().reshape([count * size for count, size in zip(counts, shape)])

    def tile(self, *dims):
        counts = one_sequence(dims)
        return self.repeat([1] * (self.ndim - len(counts)) + counts)

    def repeat_interleave(self, repeats, dim=None):
        if dim is None:
            return self.reshape(-1).repeat_interleave(repeats, 0)
        along = dimension(dim, self.ndim)
        if type(repeats) is not Handle.kind:
            shape = list(self.shape)
            repeated = self.unsqueeze(along + 1).expand(shape[: along + 1] + [repeats] + shape[along + 1 :])
            return repeated.clone().flatten(along, along + 1)
        if repeats.numel() not in (1, self.shape[along]):
            raise RuntimeError("repeats must have the same size as input along dim")
        ends = repeats.expand(self.shape[along]).cumsum(0)
        return self.index_select(along, searched(ends))

    # What it looks like

    def stride(self, dim=None):
        strides = tuple(map(int, filter(None, text("strides", self._handle).split(","))))
        return strides if dim is None else strides[dimension(dim, self.ndim)]

    def unflatten(self, dim, sizes):
        along = dimension(dim, self.ndim)
        return self.view(self.shape[:along] + tuple(sizes) + self.shape[along + 1 :])

    def sum_to_size(self, *size):
        shape = one_sequence(size)
        lead = self.ndim - len(shape)
        if lead < 0 or any(wanted not in (1, own) for wanted, own in zip(shape, self.shape[lead:])):
            raise RuntimeError(f"size {{{shape}}} is not expandable to size {{{list(self.shape)}}}.")
        gone = list(range(lead))
        ones = [lead + dim for dim, wanted in enumerate(shape) if wanted == 1 and self.shape[lead + dim] != 1]
        return self.sum(gone + ones, keepdim=True).reshape(shape) if gone + ones else self


def searched(ends):
    """0 as often as the first end, then 1 up to the second, and so on."""
    from torch._creation import arange

    return search_sorted(ends, arange(int(ends[-1]) if len(ends) else 0), right=True)
