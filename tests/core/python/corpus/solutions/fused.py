hot = F.one_hot(Yb, num_classes=vocab_size) * 1.0
dlogprobs = -hot / n
dprobs = -hot / (n * probs)
dcounts_sum_inv = -counts_sum / n
dcounts_sum = counts_sum_inv / n
dcounts = (probs - hot) / (n * counts)
dnorm_logits = (probs - hot) / n
dlogit_maxes = -torch.sum(dnorm_logits, 1, keepdim=True)
dlogits = F.softmax(logits, dim=1)
dlogits[range(n), Yb] -= 1
dlogits /= n
db2 = torch.sum(dlogits, 0)
dh = torch.matmul(dlogits, W2.t())
dW2 = torch.matmul(h.t(), dlogits)
dhpreact = dh - dh * h * h
dbnbias = dhpreact.sum(dim=0, keepdim=True)
dbngain = (dhpreact * bnraw).sum(dim=0, keepdim=True)
dbnraw = dhpreact * bngain
dbnvar_inv = bngain * (dhpreact * bndiff).sum(dim=0, keepdim=True)
dbnvar = -0.5 * bngain * bnvar_inv**2 * (dhpreact * bnraw).sum(dim=0, keepdim=True)
dbndiff2 = (-0.5 / (n - 1) * bngain * bnvar_inv**2 * (dhpreact * bnraw).sum(0)).expand(n, -1)
dbndiff = bngain * bnvar_inv * (dhpreact - bnraw / (n - 1) * (dhpreact * bnraw).sum(0))
dbnmeani = -bngain * bnvar_inv * dhpreact.sum(0, keepdim=True)
dhprebn = bngain * bnvar_inv / n * (n * dhpreact - dhpreact.sum(0) - n / (n - 1) * bnraw * (dhpreact * bnraw).sum(0))
db1 = torch.sum(dhprebn, 0)
dW1 = torch.matmul(embcat.t(), dhprebn)
dembcat = torch.matmul(dhprebn, W1.t())
demb = torch.matmul(dhprebn, W1.t()).view(n, Xb.shape[1], C.shape[1])
dC = torch.zeros(vocab_size, C.shape[1])
dC.index_add_(0, Xb.view(-1), demb.view(-1, C.shape[1]))
