def product(upstream, left, right):
    return upstream @ right.T, left.T @ upstream

def quotient(upstream, numerator, denominator):
    return upstream / denominator, -(upstream * numerator).sum(1, keepdim=True) / denominator**2

def tanh(upstream, output):
    slope = 1 - output.square()
    return upstream * slope

def standardise(upstream, output, inverse):
    centred = upstream - upstream.mean(0, keepdim=True)
    projection = (upstream * output).sum(0, keepdim=True) / (n - 1)
    return inverse * (centred - output * projection)

def spread(upstream, like):
    return torch.zeros_like(like) + upstream

def place(values, index, like):
    result = torch.zeros_like(like)
    for i in range(n):
        result[i, index[i]] = values[i, 0]
    return result

dlogprobs = place(-torch.ones(n, 1) / n, Yb, logprobs)
dprobs = dlogprobs / probs
dcounts_sum_inv = (dprobs * counts).sum(-1, keepdim=True)
through_share, dcounts_sum = quotient(dprobs, counts, counts_sum)
dcounts = through_share + spread(dcounts_sum, counts)
dnorm_logits = norm_logits.exp() * dcounts
dlogit_maxes = torch.zeros(n, 1) - dnorm_logits.sum(1, keepdim=True)
dlogits = dnorm_logits + place(dlogit_maxes, logits.argmax(1), logits)
dh, dW2 = product(dlogits, h, W2)
db2 = dlogits.T.sum(1)
dhpreact = tanh(dh, h)
dbngain, dbnbias = (dhpreact * bnraw).sum(0, keepdim=True), dhpreact.sum(0, keepdim=True)
dbnraw = spread(bngain, bnraw) * dhpreact
dbnvar_inv = (dbnraw * bndiff).sum(0).view(1, -1)
dbnvar = dbnvar_inv * -bnvar_inv / (2 * (bnvar + 1e-5))
dbndiff2 = spread(dbnvar / (n - 1), bndiff2)
dbndiff = dbnraw * bnvar_inv + bndiff * dbndiff2 + bndiff * dbndiff2
dbnmeani = -dbndiff.sum(0).unsqueeze(0)
dhprebn = standardise(dbnraw, bnraw, bnvar_inv)
dembcat, dW1 = product(dhprebn, embcat, W1)
db1 = dhprebn.T.sum(1)
demb = dembcat.reshape(emb.shape)
dC = sum(F.one_hot(Xb[:, k], vocab_size).T * 1.0 @ demb[:, k] for k in range(Xb.shape[1]))
