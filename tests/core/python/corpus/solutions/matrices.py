with torch.no_grad():
    column = torch.ones(n, 1)
    letters = torch.ones(vocab_size, 1)
    target = F.one_hot(Yb, num_classes=vocab_size).type_as(probs)
    highest = (logits == logit_maxes).type_as(logits)
    dlogprobs = target * (-1 / n)
    dprobs = dlogprobs * probs**-1
    dcounts_sum_inv = (dprobs * counts) @ letters
    dcounts_sum = dcounts_sum_inv * -counts_sum_inv**2
    dcounts = dprobs * (counts_sum_inv @ letters.T) + dcounts_sum @ letters.T
    dnorm_logits = dcounts * counts
    dlogit_maxes = dnorm_logits @ -letters
    dlogits = dnorm_logits + highest * (dlogit_maxes @ letters.T)
    dh = (W2 @ dlogits.T).T
    dW2 = (dlogits.T @ h).T
    db2 = (column.T @ dlogits).view(-1)
    dhpreact = (1 + h) * (1 - h) * dh
    dbngain = column.T @ (dhpreact * bnraw)
    dbnbias = column.T @ dhpreact
    dbnraw = dhpreact * (column @ bngain)
    dbnvar_inv = column.T @ (dbnraw * bndiff)
    dbnvar = -(bnvar + 1e-5)**-1.5 * dbnvar_inv / 2
    dbndiff2 = column @ dbnvar / (n - 1)
    dbndiff = dbnraw * (column @ bnvar_inv) + bndiff * dbndiff2 * 2
    dbnmeani = -column.T @ dbndiff
    dhprebn = dbndiff + column @ dbnmeani / n
    dembcat = (W1 @ dhprebn.T).T
    dW1 = (dhprebn.T @ embcat).T
    db1 = (dhprebn.T @ column).squeeze(1)
    demb = dembcat.reshape(n, -1, C.shape[1])
    dC = F.one_hot(Xb.view(-1), num_classes=vocab_size).type_as(C).T @ demb.reshape(-1, C.shape[1])
