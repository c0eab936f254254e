"""
The catalogue: for each mistake that people make, the edits that would undo it. An edit names the mistake only where the
edited formula is right; the order decides between several that are: the likeliest and most specific first. The kinds
stand each in a module of its own.
"""

from reading.mistakes import branches, derivatives, entropy, factors, grouping, names, numbers, shapes, writing

# By cost: how likely a kind is, and how many edits it gives. A search that is cut short has done the first of them.
_BY_COST = (
    # What one look at the formula tells, with hardly any edits each.
    (
        writing.order,
        writing.assign_for_add,
        writing.call_that_overwrites,
        writing.index_block,
        factors.divided_twice,
        entropy.softmax_twice,
        numbers.elements,
        numbers.mean_over_everything,
        shapes.spread,
        shapes.keepdim,
        shapes.axis,
        shapes.every_axis,
        numbers.sign,
        numbers.count,
    ),
    # A part of the formula exchanged, left out, or added.
    (
        shapes.transpose,
        shapes.missing_view,
        shapes.sum_and_mean,
        shapes.every_sum_and_mean,
        grouping.product_of_sums,
        grouping.exchanged,
        grouping.ones_for_value,
        shapes.missing_sum,
        numbers.factor_two,
        numbers.epsilon,
        numbers.exponent,
        entropy.one_hot,
        factors.extra_factor,
        grouping.parentheses,
        names.likely_name,
        branches.missing_branch,
        factors.whole,
        factors.likely_factor,
    ),
    # Wrong formulas that people write.
    (
        derivatives.power_rule,
        derivatives.other_activation,
        branches.jacobian_diagonal,
        factors.extra_line,
        branches.altered_branch,
        branches.other_norm,
        factors.extra_term,
        writing.add_for_assign,
        shapes.missing_inner_sum,
        entropy.one_hot_missing,
        entropy.target_missing,
    ),
    # One of many numbers or names in every place.
    (
        factors.inverted_factor,
        names.near_name,
        numbers.number,
        factors.count_factor,
        numbers.exponent_missing,
        factors.near_factor,
    ),
    (names.any_name, factors.any_factor),
)


def mistakes(view):
    """Every edit that may undo a mistake, the cheapest and likeliest first; each has its `cost`, from 0."""
    for cost, generators in enumerate(_BY_COST):
        for generate in generators:
            for edit in generate(view):
                edit.cost = cost
                yield edit
