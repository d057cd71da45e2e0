namespace WeCan.Contracts.Inspection;

/// <summary>What a token of the inspection API allows; each role may all that those before it may. The values are the store's.</summary>
public enum ApiRole
{
    /// <summary>Looks at everything that is no secret.</summary>
    Viewer = 1,

    /// <summary>Lets nodes in and takes them out, and reads who changed what.</summary>
    Operator = 2,

    /// <summary>Makes and revokes tokens of the API.</summary>
    Admin = 3,
}
