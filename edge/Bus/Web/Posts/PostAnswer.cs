namespace WeCan.Edge.Bus.Web.Posts;

/// <summary>What somebody who posted is told.</summary>
/// <param name="Status">Of HTTP.</param>
/// <param name="Words">One sentence; empty where all is well.</param>
internal readonly record struct PostAnswer(int Status, string Words);
