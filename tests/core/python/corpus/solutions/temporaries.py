m = n - 1
variance = bnvar + 1e-5
rows = torch.arange(n)
best = logits.max(1, keepdim=True).indices
size = C.shape[1]
dlogprobs = torch.zeros(n, vocab_size)
dlogprobs.scatter_(1, Yb.view(-1, 1), -1 / n)
dprobs = dlogprobs.clone()
dprobs /= probs
weighted = counts * dprobs
dcounts_sum_inv = weighted.mean(1, keepdim=True) * vocab_size
dcounts_sum = dcounts_sum_inv.clone()
dcounts_sum *= -1
dcounts_sum /= counts_sum * counts_sum
dcounts = dcounts_sum.expand(n, vocab_size).clone()
dcounts += dprobs / counts_sum
dnorm_logits = dcounts.clone()
dnorm_logits *= norm_logits.exp()
dlogit_maxes = dnorm_logits.sum(1, keepdim=True)
dlogit_maxes = dlogit_maxes.neg()
dlogits = torch.zeros_like(logits)
dlogits.scatter_add_(1, best, dlogit_maxes)
dlogits += dnorm_logits
dh = (dlogits.unsqueeze(1) * W2.unsqueeze(0)).sum(2)
dW2 = (h.unsqueeze(2) * dlogits.unsqueeze(1)).sum(0)
db2 = dlogits.mean(0) * n
slope = h * h
slope *= -1
slope += 1
dhpreact = slope * dh
gained = bnraw * dhpreact
dbngain = gained.sum(0).unsqueeze(0)
dbnbias = torch.zeros_like(bnbias)
dbnbias += dhpreact.sum(0)
dbnraw = torch.mul(bngain, dhpreact)
shifted = bndiff * dbnraw
dbnvar_inv = shifted.sum(0, keepdim=True)
deviation = variance.sqrt()
dbnvar = -dbnvar_inv
dbnvar /= 2 * variance
dbnvar /= deviation
share = dbnvar / m
dbndiff2 = share.expand(n, -1)
through_square = 2 * bndiff
through_square *= dbndiff2
through_product = dbnraw / deviation
dbndiff = through_square + through_product
total = dbndiff.sum(0, keepdim=True)
dbnmeani = -total
dhprebn = dbndiff.clone()
dhprebn -= dbndiff.mean(0, keepdim=True)
dembcat = (dhprebn.unsqueeze(1) * W1).sum(2)
dW1 = (embcat.unsqueeze(2) * dhprebn.unsqueeze(1)).sum(0)
db1 = dhprebn[rows].sum(0)
demb = torch.stack([dembcat[:, place * size:(place + 1) * size] for place in range(Xb.shape[1])], 1)
dC = torch.zeros_like(C)
flat = demb.view(-1, size)
for position, letter in enumerate(Xb.view(-1)):
    dC[letter] += flat[position]
