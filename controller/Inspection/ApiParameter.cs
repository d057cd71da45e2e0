namespace WeCan.Controller.Inspection;

/// <summary>A value in the query of a request.</summary>
internal sealed record ApiParameter(string Name, bool IsRequired, string About);
