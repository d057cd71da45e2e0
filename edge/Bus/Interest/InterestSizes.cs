namespace WeCan.Edge.Bus.Interest;

/// <summary>What a desk holds: as one with subscribers, as a home, and as one that publishes.</summary>
internal readonly record struct InterestSizes(
    int Patterns, int Spaces, int Waiting, int Registrations, int HomeSpaces, int SlicesGiven, int Entries, int Slices, int FollowedSpaces);
