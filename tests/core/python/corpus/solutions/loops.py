def backward_of_the_output():
    global dlogprobs, dprobs, dcounts_sum_inv, dcounts_sum, dcounts
    dlogprobs = torch.zeros_like(logprobs)
    for i, letter in enumerate(Yb):
        dlogprobs[i, letter] -= 1.0 / n
    dprobs = torch.zeros_like(probs)
    dcounts_sum_inv = torch.zeros(n, 1)
    for i in range(n):
        dprobs[i] = dlogprobs[i] / probs[i]
    for i in range(n):
        dcounts_sum_inv[i] = (dprobs[i] * counts[i]).sum()
    dcounts_sum = torch.zeros_like(counts_sum)
    for i in range(n):
        dcounts_sum[i, 0] = -dcounts_sum_inv[i, 0] / counts_sum[i, 0]**2
    dcounts = torch.zeros_like(counts)
    for letter in range(vocab_size):
        dcounts[:, letter] += dprobs[:, letter] / counts_sum[:, 0]
        dcounts[:, letter] += dcounts_sum[:, 0]

backward_of_the_output()
dnorm_logits = torch.stack([counts[i] * dcounts[i] for i in range(n)])
dlogit_maxes = torch.zeros_like(logit_maxes)
for letter in range(vocab_size):
    dlogit_maxes -= dnorm_logits[:, letter:letter + 1]
dlogits = dnorm_logits.clone()
for i in range(n):
    dlogits[i, logits[i].argmax()] += dlogit_maxes[i, 0]
dh = torch.zeros_like(h)
for letter in range(vocab_size):
    dh += dlogits[:, letter:letter + 1] * W2[:, letter]
dW2 = torch.zeros_like(W2)
for i in range(n):
    dW2 += h[i].unsqueeze(1) * dlogits[i]
db2 = torch.zeros_like(b2)
for row in dlogits:
    db2 += row
dhpreact = torch.zeros_like(hpreact)
for i in range(n):
    dhpreact[i] = dh[i] * (1 - h[i]**2)
dbngain, dbnbias = torch.zeros_like(bngain), torch.zeros_like(bnbias)
for i in range(n):
    dbngain += dhpreact[i] * bnraw[i]
    dbnbias += dhpreact[i]
dbnraw = torch.stack([row * bngain[0] for row in dhpreact])
dbnvar_inv = torch.zeros_like(bnvar_inv)
for i in range(n):
    dbnvar_inv += dbnraw[i] * bndiff[i]
dbnvar = dbnvar_inv * -0.5 / ((bnvar + 1e-5) * (bnvar + 1e-5).sqrt())
dbndiff2 = torch.zeros_like(bndiff2)
for i in range(n):
    dbndiff2[i] = dbnvar[0] / (n - 1)
dbndiff = torch.zeros_like(bndiff)
for i in range(n):
    dbndiff[i] += dbnraw[i] * bnvar_inv[0]
    dbndiff[i] += dbndiff2[i] * bndiff[i] * 2
dbnmeani = torch.zeros_like(bnmeani)
for row in dbndiff:
    dbnmeani -= row
dhprebn = dbndiff.clone()
for i in range(n):
    dhprebn[i] += dbnmeani[0] / n
dembcat = torch.zeros_like(embcat)
for unit in range(W1.shape[1]):
    dembcat += dhprebn[:, unit].unsqueeze(1) * W1[:, unit]
dW1, db1 = torch.zeros_like(W1), torch.zeros_like(b1)
for i in range(n):
    dW1 += embcat[i].unsqueeze(1) * dhprebn[i]
    db1 += dhprebn[i]
demb = torch.stack([row.view(-1, C.shape[1]) for row in dembcat])
dC = torch.zeros_like(C)
for context, rows in zip(Xb, demb):
    for letter, row in zip(context, rows):
        dC[letter] += row
