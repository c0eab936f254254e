"""Products of matrices, and what is made of them and of diagonals."""

from torch._call import call
from torch._handle import Handle, dimension, view_of, wrap


def matrix_product(self, other):
    return wrap(call("matmul", self._handle, other._handle))


def require_tensor(name, other):
    if type(other) is not Handle.kind:
        raise TypeError(f"{name}(): argument 'other' must be Tensor, not {type(other).__name__}")


class Linear:
    __slots__ = ()

    def __matmul__(self, other):
        return matrix_product(self, other) if type(other) is Handle.kind else NotImplemented

    def matmul(self, other):
        require_tensor("matmul", other)
        return matrix_product(self, other)

    def mm(self, mat2):
        require_tensor("mm", mat2)
        if self.ndim != 2:
            raise RuntimeError(f"self must be a matrix, but it is {list(self.shape)}")
        if mat2.ndim != 2:
            raise RuntimeError(f"mat2 must be a matrix, but it is {list(mat2.shape)}")
        return matrix_product(self, mat2)

    def mv(self, vec):
        require_tensor("mv", vec)
        if self.ndim != 2 or vec.ndim != 1:
            raise RuntimeError(f"vector + matrix @ vector expected, got 1, {self.ndim}, {vec.ndim}")
        return matrix_product(self, vec)

    def bmm(self, mat2):
        require_tensor("bmm", mat2)
        for position, batch in enumerate((self, mat2), 1):
            if batch.ndim != 3:
                raise RuntimeError(f"batch{position} must be a 3D tensor, but it is {list(batch.shape)}")
        expected = [self.shape[0], self.shape[2]]
        if list(mat2.shape[:2]) != expected:
            raise RuntimeError(
                f"Expected size for first two dimensions of batch2 tensor to be: {expected} "
                f"but got: {list(mat2.shape[:2])}."
            )
        return matrix_product(self, mat2)

    def dot(self, other):
        require_tensor("dot", other)
        if self.ndim != 1 or other.ndim != 1:
            raise RuntimeError(f"1D tensors expected, but got {self.ndim}D and {other.ndim}D tensors")
        return matrix_product(self, other)

    vdot = dot

    def inner(self, other):
        require_tensor("inner", other)
        if self.ndim == 0 or other.ndim == 0:
            return self * other
        if self.shape[-1] != other.shape[-1]:
            raise RuntimeError(
                f"inner() the last dimension must match on both input tensors but got shapes "
                f"{list(self.shape)} and {list(other.shape)}"
            )
        product = matrix_product(self.reshape(-1, self.shape[-1]), other.reshape(-1, other.shape[-1]).T)
        return product.reshape(self.shape[:-1] + other.shape[:-1])

    def outer(self, vec2):
        require_tensor("outer", vec2)
        for name, vector in (("self", self), ("vec2", vec2)):
            if vector.ndim != 1:
                raise RuntimeError(f"outer: Expected 1-D argument {name}, but got {vector.ndim}-D")
        return self.unsqueeze(1) * vec2

    ger = outer

    def addmm(self, mat1, mat2, *, beta=1, alpha=1):
        return scaled(self, beta) + scaled(mat1.mm(mat2), alpha)

    def addmv(self, mat, vec, *, beta=1, alpha=1):
        return scaled(self, beta) + scaled(mat.mv(vec), alpha)

    def addr(self, vec1, vec2, *, beta=1, alpha=1):
        return scaled(self, beta) + scaled(vec1.outer(vec2), alpha)

    def baddbmm(self, batch1, batch2, *, beta=1, alpha=1):
        return scaled(self, beta) + scaled(batch1.bmm(batch2), alpha)

    def kron(self, other):
        rank = max(self.ndim, other.ndim)
        own = shape_of_rank(self, rank)
        others = shape_of_rank(other, rank)
        left = self.reshape([size for one in own for size in (one, 1)])
        right = other.reshape([size for one in others for size in (1, one)])
        return (left * right).reshape([one * two for one, two in zip(own, others)])

    def matrix_power(self, n):
        if n < 0:
            raise RuntimeError(f"matrix_power: a negative power is not in this lab, and n is {n}")
        power = self.new_zeros(self.shape[:-1]).add(1).diag_embed()
        for _ in range(n):
            power = power @ self
        return power

    # Diagonals

    def diagonal(self, offset=0, dim1=0, dim2=1):
        return view_of(self, call("diagonal", self._handle, offset, dim1, dim2))

    def diag(self, diagonal=0):
        if self.ndim == 1:
            return self.diag_embed(diagonal)
        if self.ndim == 2:
            return self.diagonal(diagonal).clone()
        raise RuntimeError(f"matrix or a vector expected, but got a tensor of {self.ndim} dimensions")

    def diagflat(self, offset=0):
        return self.reshape(-1).diag_embed(offset)

    def diag_embed(self, offset=0, dim1=-2, dim2=-1):
        # Of a scalar there is no dimension −2: that raises.
        size = self.shape[-1] + abs(offset) if self.ndim else dimension(-2, 0)
        square = self.new_zeros(self.shape[:-1] + (size, size))
        square.diagonal(offset, -2, -1).copy_(self)
        return square.movedim((-2, -1), (dim1, dim2))

    def trace(self):
        if self.ndim != 2:
            raise RuntimeError(f"trace: expected a matrix, but got tensor with dim {self.ndim}")
        return self.diagonal().sum()

    def tril(self, diagonal=0):
        return self.masked_fill(columns_right_of_rows(self) > diagonal, 0)

    def triu(self, diagonal=0):
        return self.masked_fill(columns_right_of_rows(self) < diagonal, 0)


def shape_of_rank(tensor, rank):
    """The shape with ones before it."""
    return (1,) * (rank - tensor.ndim) + tuple(tensor.shape)


def scaled(tensor, factor):
    return tensor if factor == 1 else tensor * factor


def columns_right_of_rows(tensor):
    """How far each element of a matrix is to the right of its diagonal."""
    from torch._creation import arange

    rows, columns = tensor.shape[dimension(-2, tensor.ndim)], tensor.shape[-1]
    return arange(columns) - arange(rows).unsqueeze(1)
