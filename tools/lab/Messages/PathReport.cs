namespace WeCan.Lab.Messages;

/// <summary>What the impairment did to one direction: the truth that a link's own measurements are held against.</summary>
internal sealed record PathReport(string To, long Sent, long Lost, long Overflowed, long TooBig);
